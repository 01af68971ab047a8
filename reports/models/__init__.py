"""What is kept of the papers: ticks, memos on their way, approved papers, and who looked them over."""

from .issued import KIND_NAMES, MEMO, IssuedPaper, Publication
from .memo import EDITABLE, Memo
from .notice import Notice
from .office import ChainEntry, ChainStep, Delegation, Letterhead, usual_chain
from .oversight import AuditorGrant, Inspection, open_to_auditor
from .refusal import Refusal
from .sent import SentPaper, SentRound
from .step import ApprovalStep
from .stored_file import StoredFile
from .tick import Tick

__all__ = [
    "EDITABLE",
    "KIND_NAMES",
    "MEMO",
    "ApprovalStep",
    "AuditorGrant",
    "ChainEntry",
    "ChainStep",
    "Delegation",
    "Inspection",
    "IssuedPaper",
    "Letterhead",
    "Memo",
    "Notice",
    "Publication",
    "Refusal",
    "SentPaper",
    "SentRound",
    "StoredFile",
    "Tick",
    "open_to_auditor",
    "usual_chain",
]
