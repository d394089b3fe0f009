"""release and addresses"""

revision = "39032f4e5fd3"
down_revision = "a9876bfa2574"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
