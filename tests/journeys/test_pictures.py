"""The pictures of the documentation show what is there: each one's page opens, its steps work, its words stand there."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from docs.pictures import scene as scenes
from docs.pictures.camera import Camera, served
from docs.pictures.shots import SHOTS, Shot
from lms.core import clock
from tests.support import server, tables
from tests.support.mail import Inbox


@pytest.fixture(scope="module")
def camera(application: Flask, chromium: Browser, inbox_server: Inbox) -> Iterator[Camera]:
    server.rest_all()
    tables.empty(application)
    with clock.stopped_at(scenes.AT):
        scene = scenes.set_up(application, server.run_jobs, learners=10)
        with served(application) as url:
            camera = Camera(chromium, url, scene)
            yield camera
            camera.close()


@pytest.mark.parametrize("shot", SHOTS, ids=str)
def test_what_a_picture_shows_is_there(shot: Shot, camera: Camera) -> None:
    camera.aim(shot).close()
