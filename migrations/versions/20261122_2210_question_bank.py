"""question bank"""

revision = "ef4d661c5cb1"
down_revision = "6d2f0a7c51b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
