"""analytics"""

revision = "ce81b1fc6b6c"
down_revision = "1def2dfef2d6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
