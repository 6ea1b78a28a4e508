"""The ports: what the rooms of the engine promise one another, and what the store keeps.

Every method is synchronous and safe to call from several threads; every time is aware UTC.
"""

from antiphon.components.ports.alerts import AlertBook
from antiphon.components.ports.allowances import Allowances
from antiphon.components.ports.approvals import Approvals
from antiphon.components.ports.backfills import Backfills
from antiphon.components.ports.evaluations import Evaluations
from antiphon.components.ports.guarded import Audit, AuditEntry, Broken, Credential, CredentialKind, Credentials
from antiphon.components.ports.heard import Cursors, Events, Harvest, Harvests, Ingested
from antiphon.components.ports.kept import Marks, People, Record, Records
from antiphon.components.ports.ledger import Change, Ledger, Overtaken
from antiphon.components.ports.metrics import Cohort, KeepsMeasurements, MetricBook, NoMeasurements
from antiphon.components.ports.personal import Documents, Personal, PersonalRecords
from antiphon.components.ports.policy import Brakes, NoRoom, Paced, Ruled, Rulings, Sent, Suppressions, Tally
from antiphon.components.ports.reports import Reports, Written
from antiphon.components.ports.rests import Rests
from antiphon.components.ports.retention import Retention
from antiphon.components.ports.runs import Runs
from antiphon.components.ports.slots import Asked, Slots
from antiphon.components.ports.store import Store
from antiphon.components.ports.subscriptions import Address, Subscription, Subscriptions
from antiphon.components.ports.versions import InForce, Plans, Programs
from antiphon.components.ports.watches import Fired, Place, Remembered, Watches

__all__ = [
    "Address",
    "AlertBook",
    "Allowances",
    "Approvals",
    "Asked",
    "Audit",
    "AuditEntry",
    "Backfills",
    "Brakes",
    "Broken",
    "Change",
    "Cohort",
    "Credential",
    "CredentialKind",
    "Credentials",
    "Cursors",
    "Documents",
    "Evaluations",
    "Events",
    "Fired",
    "Harvest",
    "Harvests",
    "InForce",
    "Ingested",
    "KeepsMeasurements",
    "Ledger",
    "Marks",
    "MetricBook",
    "NoMeasurements",
    "NoRoom",
    "Overtaken",
    "Paced",
    "People",
    "Personal",
    "PersonalRecords",
    "Place",
    "Plans",
    "Programs",
    "Record",
    "Records",
    "Remembered",
    "Reports",
    "Rests",
    "Retention",
    "Ruled",
    "Rulings",
    "Runs",
    "Sent",
    "Slots",
    "Store",
    "Subscription",
    "Subscriptions",
    "Suppressions",
    "Tally",
    "Watches",
    "Written",
]
