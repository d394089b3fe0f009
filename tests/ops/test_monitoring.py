"""Alerts and dashboards ask for metrics that the running application has, by labels that these have."""

import json
import re
from pathlib import Path

import pytest
import yaml

from lms.core import clock, work
from lms.notifications import actions

OPS = Path(__file__).resolve().parents[2] / "ops"
ALERTS = OPS / "prometheus" / "alerts.yml"
DASHBOARD = OPS / "grafana" / "lectern.json"
BY_PROMETHEUS = {"up"}
METRIC = re.compile(r"\b(lectern_\w+|up)\b(?:\{([^}]*)\})?")
LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"([^\"]*)\"")


def alerts():
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def expressions():
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [rule["expr"] for rule in alerts()] + [
        target["expr"] for panel in panels for target in panel["targets"]
    ]


@pytest.fixture
def exposed(app, client, bob):
    """Each series of a live scrape: its name, and the values that its labels have."""
    with app.app_context(), work.unit():
        actions.queue("test", "bob@example.org", {}, clock.now(), None)
    client.get("/")
    text = client.get("/metrics").text
    found: dict[str, dict[str, set[str]]] = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
        known = found.setdefault(name, {})
        for label, value in LABEL.findall(labels):
            known.setdefault(label, set()).add(value)
    return found


def strangers(expression, exposed):
    """What the expression asks for and nobody measures."""
    asked = METRIC.findall(expression)
    names = [name for name, _ in asked if name not in BY_PROMETHEUS]
    yield from (name for name in names if name not in exposed)
    for name, selector in asked:
        for label, value in LABEL.findall(selector):
            values = exposed.get(name, {}).get(label)
            if name not in BY_PROMETHEUS and values is None:
                yield f"{name}: no label {label}"
            elif label in ("state", "queue", "part") and not set(value.split("|")) <= set(values or ()):
                yield f"{name}: no {label} {value}"
    for group in re.findall(r"\bby \(([^)]*)\)", expression):
        for label in set(map(str.strip, group.split(","))) - {"le", "instance"}:
            if not any(label in exposed.get(name, {}) for name in names):
                yield f"{expression}: no label {label}"


def test_every_metric_that_is_asked_for_exists(exposed):
    asked = expressions()
    assert len(asked) > 30 and all(METRIC.search(expression) for expression in asked)
    assert [wrong for expression in asked for wrong in strangers(expression, exposed)] == []


def test_a_misspelt_metric_would_be_noticed(exposed):
    assert list(strangers("sum(lectern_job)", exposed)) == ["lectern_job"]
    assert list(strangers('lectern_emails{state="lost"}', exposed)) == ["lectern_emails: no state lost"]
    assert list(strangers("max by (que) (lectern_jobs)", exposed))


def test_growth_is_asked_of_counters_and_difference_of_what_goes_down_again(client):
    """increase() and rate() take a number that goes down for a restart: a job that is tried again would be an alarm."""
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", client.get("/metrics").text, re.MULTILINE))
    asked = re.findall(r"\b(increase|rate|irate|delta)\((\w+)", "\n".join(expressions()))
    assert {"rate", "delta"} <= {function for function, _ in asked}
    for function, metric in asked:
        kind = kinds.get(metric) or kinds[metric.removesuffix("_bucket").removesuffix("_total")]
        assert (kind == "gauge") == (function == "delta"), f"{function}({metric}), which is a {kind}"


@pytest.mark.parametrize(
    "series",
    ['lectern_emails{state="failed"}', 'lectern_webhooks{state="failed"}', 'lectern_errors{state="open"}'],
)
def test_somebody_hears_of_what_failed_for_good(series):
    assert any(series in rule["expr"] for rule in alerts())


def test_what_the_product_promises_to_measure_is_measured(exposed):
    """Requests, durations, in progress, jobs by queue and age, failures, pool, attempts open, emails and webhooks."""
    assert set(exposed) >= {
        "lectern_http_requests_total",
        "lectern_http_request_seconds_bucket",
        "lectern_http_requests_in_progress",
        "lectern_jobs",
        "lectern_jobs_oldest_seconds",
        "lectern_jobs_failed",
        "lectern_workers",
        "lectern_database_connections_in_use",
        "lectern_database_connections_limit",
        "lectern_attempts",
        "lectern_emails",
        "lectern_webhooks",
        "lectern_slow_statements_total",
    }


def test_every_alert_says_what_is_wrong_and_what_to_do():
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names)) > 8
    for rule in alerts():
        assert rule["labels"]["severity"] in ("page", "warn")
        assert rule["annotations"]["summary"] and rule["annotations"]["remedy"]
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_prometheus_finds_its_rules_and_asks_where_metrics_are():
    settings = yaml.safe_load((OPS / "prometheus" / "prometheus.yml").read_text())
    assert [(OPS / "prometheus" / name).exists() for name in settings["rule_files"]] == [True]
    assert settings["scrape_configs"][0]["metrics_path"] == "/metrics"


def test_panels_do_not_lie_on_each_other():
    taken = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken and place["x"] + place["w"] <= 24
        taken |= cells
