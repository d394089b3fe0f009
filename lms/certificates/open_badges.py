"""Certificates as Open Badges 3.0: an AchievementCredential in the W3C data model 2.0, its issuer, its status list.

Pure builders of JSON-LD; addresses are given. https://www.imsglobal.org/spec/ob/v3p0/
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lms.certificates import status_list

Json = dict[str, Any]

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

LIST_FRESH_FOR = timedelta(days=1)
"""A copy of a status list that is older proves nothing any more."""
LIST_READ_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: its address, its name, and its site."""

    address: str
    name: str
    site: str

    def profile(self) -> Json:
        """As it stands in a credential."""
        return {"id": self.address, "type": ["Profile"], "name": self.name, "url": self.site}

    def document(self) -> Json:
        """As it stands by itself."""
        return {"@context": [CREDENTIALS, BADGES], **self.profile()}


@dataclass(frozen=True, slots=True)
class BadgeFacts:
    """What a credential says. `criteria` and `description` are sentences in the certificate's language."""

    address: str
    certificate_id: int
    number: str
    recipient: str
    achievement: str
    title: str
    language: str
    description: str
    criteria: str
    completed_on: str
    issued_at: datetime
    renewed_at: datetime | None
    status_address: str
    picture: str | None = None


def credential(facts: BadgeFacts, issuer: Issuer) -> Json:
    """The unsigned credential. A name that was erased is left out; number and date stay."""
    document: Json = {
        "@context": [CREDENTIALS, BADGES, EXTENSIONS],
        "id": facts.address,
        "type": ["VerifiableCredential", "AchievementCredential", "OpenBadgeCredential"],
        "name": facts.title,
        "description": facts.description,
        "issuer": issuer.profile(),
        "validFrom": _written(facts.renewed_at or facts.issued_at),
        "awardedDate": _written(facts.issued_at),
        "credentialSubject": _subject(facts, issuer),
        "credentialStatus": _status_entry(facts),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    if facts.picture:
        document["image"] = {"id": facts.picture, "type": "Image", "caption": facts.description}
    return document


def _subject(facts: BadgeFacts, issuer: Issuer) -> Json:
    subject: Json = {
        "id": f"{facts.address}#recipient",
        "type": ["AchievementSubject"],
        "activityEndDate": f"{facts.completed_on}T00:00:00Z",
        "licenseNumber": facts.number,
        "achievement": {
            "id": facts.achievement,
            "type": ["Achievement"],
            "achievementType": "CertificateOfCompletion",
            "creator": issuer.profile(),
            "name": facts.title,
            "description": facts.description,
            "criteria": {"narrative": facts.criteria},
            "inLanguage": facts.language,
        },
    }
    if facts.recipient:
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": facts.recipient,
                "identityType": "name",
            }
        ]
    return subject


def _status_entry(facts: BadgeFacts) -> Json:
    index = status_list.place(facts.certificate_id)[1]
    return {
        "id": f"{facts.status_address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": facts.status_address,
    }


def status_credential(address: str, issuer: Issuer, encoded_list: str, at: datetime) -> Json:
    """A status list as the credential that vouches for it."""
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.address,
        "validFrom": _written(at),
        "validUntil": _written(at + LIST_FRESH_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": int(LIST_READ_AGAIN.total_seconds() * 1000),
            "encodedList": encoded_list,
        },
    }


def claims(document: Json) -> Json:
    """The payload of the JWT: the credential itself with the registered claims that mirror it (OB 3.0, 8.2.4)."""
    issuer = document["issuer"]
    payload = {
        **document,
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": _seconds(document["validFrom"]),
    }
    if "validUntil" in document:
        payload["exp"] = _seconds(document["validUntil"])
    return payload


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp())
