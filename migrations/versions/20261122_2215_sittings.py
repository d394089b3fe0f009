"""sittings"""

revision = "a9876bfa2574"
down_revision = "ef4d661c5cb1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
