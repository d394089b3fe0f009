"""webhooks"""

revision = "734f41caefe6"
down_revision = "1a6067b1e1e9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
