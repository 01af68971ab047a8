"""Who: people, organisations, their units, who belongs where in which role, and who is invited."""

from .invitation import Invitation
from .organisation import RESERVED_SLUGS, Organisation, Unit, refuse_reserved_slug
from .people import Membership, Role, User

__all__ = [
    "RESERVED_SLUGS",
    "Invitation",
    "Membership",
    "Organisation",
    "Role",
    "Unit",
    "User",
    "refuse_reserved_slug",
]
