"""reviews and search"""

revision = "1a6067b1e1e9"
down_revision = "39032f4e5fd3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
