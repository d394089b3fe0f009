"""The page of every component, for those who build with them."""

import dataclasses

import pytest


@pytest.fixture
def development(app):
    settings = app.config["LECTERN"]
    app.config["LECTERN"] = dataclasses.replace(settings, environment="development")
    yield
    app.config["LECTERN"] = settings


def test_a_developer_finds_every_component_on_one_page(client, development):
    answer = client.get("/dev/styleguide")
    assert answer.status_code == 200
    assert "That is not an email address" in answer.text
    assert 'type="checkbox" value="tea"' in answer.text or 'value="tea"' in answer.text
