"""badges"""

revision = "1def2dfef2d6"
down_revision = "527792c5d767"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
