"""messages"""

revision = "527792c5d767"
down_revision = "734f41caefe6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
