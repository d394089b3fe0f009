"""api tokens"""

revision = "50f059da9ef0"
down_revision = "ce81b1fc6b6c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
