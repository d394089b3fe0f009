"""Certificates as Open Badges, read by libraries that had no part in writing them."""

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwk, jws
from joserfc.errors import JoseError
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openbadgeslib.ob3 import status as their_status
from openbadgeslib.ob3.contexts import load_context
from pyld import jsonld

from lms.accounts.models import User
from lms.certificates import actions, keys, queries, signing, status_list
from lms.core import clock, work
from lms.courses.models import Course
from tests import factories
from tests.support import sql

# RFC 9864 would rather have the algorithm named Ed25519; those who verify badges know it as EdDSA.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

Awarded = Callable[[User, Course], str]


def reader(client: FlaskClient) -> Callable[[str], bytes]:
    """Fetches by full address, as a verifier elsewhere would."""

    def fetch(address: str) -> bytes:
        answer = client.get(urlsplit(address).path)
        assert answer.status_code == 200, address
        return answer.data

    return fetch


def token_of(client: FlaskClient, number: str) -> str:
    answer = client.get(f"/verify/{number}.jwt")
    assert (answer.status_code, answer.mimetype) == (200, "application/vc+jwt")
    return answer.text


def key_of(client: FlaskClient, token: str) -> jwk.OKPKey:
    """The key that the token's header names, from where it says that it is."""
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert header["alg"] == "EdDSA"
    return jwk.OKPKey.import_key(json.loads(reader(client)(header["kid"])))


def verified(client: FlaskClient, token: str) -> Any:
    """What a verifier makes of it, the status list included. Raises OB3VerificationError."""
    pem = key_of(client, token).as_pem(private=False)
    return OB3Verifier(pem).verify(token, check_status=True, download=reader(client))


def revoke(app: Flask, number: str, by: User) -> None:
    with app.app_context(), work.unit():
        row = queries.by_number(number)
        assert row
        actions.revoke(row.id, by=by.id, reason="Copied work", at=clock.now())


def test_a_verifier_accepts_the_signed_badge(
    client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    badge = verified(client, token_of(client, number))
    assert badge.issuer.id == "http://localhost/issuer" and badge.issuer.name == "Lectern"
    assert badge.achievement.name == "The book of tea"
    assert badge.achievement.achievement_type == "CertificateOfCompletion"
    assert [who.identity_hash for who in badge.identifiers] == ["Bob Brook"]
    assert b"example.org" not in client.get(f"/verify/{number}.json").data


def test_a_changed_badge_is_refused(client: FlaskClient, bob: User, tea: Course, awarded: Awarded) -> None:
    head, body, signature = token_of(client, awarded(bob, tea)).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["credentialSubject"]["achievement"]["name"] = "The book of gold"
    forged = signing.encoded(json.dumps(claims).encode())
    with pytest.raises(OB3VerificationError, match="signature"):
        verified(client, f"{head}.{forged}.{signature}")
    with pytest.raises(JoseError):
        jws.deserialize_compact(
            f"{head}.{forged}.{signature}",
            key_of(client, f"{head}.{body}.{signature}"),
            algorithms=["EdDSA"],
        )


def test_a_verifier_refuses_a_revoked_badge_and_no_other(
    app: Flask, client: FlaskClient, bob: User, charlie: User, dana: User, tea: Course, awarded: Awarded
) -> None:
    revoked, valid = awarded(bob, tea), awarded(charlie, tea)
    revoke(app, revoked, dana)
    with pytest.raises(OB3VerificationError, match="revocation"):
        verified(client, token_of(client, revoked))
    verified(client, token_of(client, valid))


def test_every_word_of_the_badge_is_defined(
    client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    """JSON-LD drops what no context defines: what a processor understood, it can write down again."""
    number = awarded(bob, tea)
    for path in (f"/verify/{number}.json", "/issuer", "/credentials/status/0"):
        written = client.get(path, headers={"Accept": "application/ld+json"}).get_json(force=True)
        read = jsonld.expand(written, {"documentLoader": published_context})
        again = jsonld.compact(read, written["@context"], {"documentLoader": published_context})
        assert said(written) - said(again) == set(), path


def published_context(address: str, _options: object) -> dict[str, Any]:
    return {"contextUrl": None, "documentUrl": address, "document": load_context(address)}


def said(value: Any, key: str = "") -> set[tuple[str, str]]:
    """Every plain value of a document with its key. OpenBadgeCredential is another word for AchievementCredential."""
    if isinstance(value, dict):
        return {pair for name, part in value.items() if name != "@context" for pair in said(part, name)}
    if isinstance(value, list):
        return {pair for part in value for pair in said(part, key)}
    return {(key, str(value).replace("OpenBadgeCredential", "AchievementCredential"))}


def test_the_page_leads_machines_to_the_badge(
    client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    page = client.get(f"/verify/{number}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.mimetype == "text/html" and "Accept" in page.headers["Vary"]
    for kind in ("json", "jwt"):
        assert f'href="http://localhost/verify/{number}.{kind}"' in page.text
    for accept in ("application/ld+json", "application/json", "application/vc+ld+json"):
        answer = client.get(f"/verify/{number}", headers={"Accept": accept})
        assert answer.mimetype == "application/ld+json"
        assert answer.get_json(force=True)["id"] == f"http://localhost/verify/{number}"
    signed = client.get(f"/verify/{number}", headers={"Accept": "application/vc+jwt"})
    assert signed.text == token_of(client, number)
    assert client.get(f"/verify/{number}", headers={"Accept": "*/*"}).mimetype == "text/html"
    assert signed.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/verify/CERT-20200101-AAAAAAAAAA.jwt").status_code == 404


def test_the_picture_carries_the_badge(client: FlaskClient, bob: User, tea: Course, awarded: Awarded) -> None:
    number = awarded(bob, tea)
    picture = client.get(f"/verify/{number}/picture.png").data
    assert verified(client, OB3Verifier.extract_token_from_png(picture)).achievement.name == "The book of tea"


def test_what_an_older_key_signed_stays_valid(
    app: Flask, client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    old = token_of(client, number)
    assert "Badges are signed with http://localhost/issuer/keys/" in (
        app.test_cli_runner().invoke(args=["certificates", "rotate-key"]).output
    )
    new = token_of(client, number)
    assert old.split(".")[0] != new.split(".")[0]
    published = client.get("/.well-known/jwks.json").get_json(force=True)["keys"]
    assert len(published) == 2 and all("d" not in key for key in published)
    keyset = jwk.KeySet.import_key_set({"keys": published})
    for token in (old, new):
        assert jws.deserialize_compact(token, keyset, algorithms=["EdDSA"]).payload
        key_of(client, token)


def test_those_who_ask_first_at_the_same_moment_get_one_key(app: Flask) -> None:
    gate, names = threading.Barrier(3), []

    def ask() -> None:
        with app.app_context(), work.unit():
            gate.wait(10)
            names.append(keys.current(clock.now()).kid)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(names) == 3 and len(set(names)) == 1


def test_with_another_secret_key_a_new_key_signs_and_the_old_one_stays_known(
    app: Flask, client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    old = token_of(client, number)
    before = app.config["LECTERN"]
    try:
        app.config["LECTERN"] = replace(before, secret_key="another secret that is long enough too")
        new = token_of(client, number)
    finally:
        app.config["LECTERN"] = before
    assert key_of(client, old).thumbprint() != key_of(client, new).thumbprint()
    for token in (old, new):
        assert jws.deserialize_compact(token, key_of(client, token), algorithms=["EdDSA"]).payload


def test_a_sealed_key_opens_with_its_secret_only() -> None:
    private_key = signing.new_private_key()
    sealed = signing.seal(private_key, "one secret")
    with pytest.raises(signing.Sealed):
        signing.unseal(sealed, "another secret")
    assert signing.unseal(sealed, "one secret") == private_key


def test_an_erased_name_is_gone_from_the_badge(
    app: Flask, client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    from lms.certificates import personal

    number = awarded(bob, tea)
    with app.app_context(), work.unit():
        personal.erase(bob.id, factories.NOW)
    assert b"Bob" not in client.get(f"/verify/{number}.json").data
    verified(client, token_of(client, number))


def test_reading_a_badge_costs_two_statements_and_the_list_as_many(
    app: Flask, client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    token_of(client, number)
    for path in (f"/verify/{number}.jwt", "/credentials/status/0"):
        with sql.count(app) as statements:
            answer = client.get(path)
        assert len(statements) == 2
        assert "Set-Cookie" not in answer.headers


def test_there_are_only_lists_with_certificates_on_them(client: FlaskClient, app: Flask) -> None:
    assert client.get("/credentials/status/0").status_code == 200
    assert client.get("/credentials/status/1").status_code == 404
    assert client.get(f"/credentials/status/{2**62}").status_code == 404


def test_a_list_is_soon_too_old_to_prove_anything(
    app: Flask, client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    token = token_of(client, awarded(bob, tea))
    with clock.stopped_at(clock.now() - timedelta(days=2)):
        stale = client.get("/credentials/status/0").data
    fetch = reader(client)
    pem = key_of(client, token).as_pem(private=False)
    with pytest.raises(OB3VerificationError, match="expired"):
        OB3Verifier(pem).verify(
            token, check_status=True, download=lambda path: stale if "status" in path else fetch(path)
        )


@given(st.sets(st.integers(1, 3 * status_list.SIZE), max_size=40))
def test_another_decoder_reads_the_same_bits(certificate_ids: set[int]) -> None:
    first = {number for number in certificate_ids if status_list.place(number)[0] == 0}
    decoded = their_status.decode_encoded_list(status_list.encoded_list(first))
    assert their_status.set_indices(decoded) == {status_list.place(number)[1] for number in first}


def test_no_two_certificates_share_a_place() -> None:
    for number in (0, 1):
        places = {status_list.place(certificate_id) for certificate_id in status_list.ids(number)}
        assert len(places) == status_list.SIZE
