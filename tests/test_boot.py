"""The application answers."""


def test_a_visitor_at_an_unknown_address_is_told_so(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_a_signed_in_person_is_recognised(as_user, alice):
    assert "Alice Arden" in as_user(alice).get("/nowhere").text
