"""What CONTRIBUTING says of adding a step is true: one file and one line in a DAG file, and it runs, gate included."""

from tests.integration.extending.conftest import DAG_FILE, IMPORT, STEP_FILE, WIRING


def channel(external_id: str, country: str = "PT") -> dict[str, str]:
    return {"id": external_id, "title": f"Aptovia {external_id}", "country": country}


def test_a_step_is_one_file_and_one_line_that_wires_it(project):
    changes = project.changes()
    assert set(changes) == {STEP_FILE, DAG_FILE}
    assert changes[DAG_FILE] == [f"+{IMPORT.strip()}", f"+{WIRING.rstrip()}"]


def test_the_new_step_publishes_through_the_gate_which_keeps_a_bad_row_back(project):
    run_id, state = project.run_with([channel("UCgood"), channel("UCbad", "Portugal")])
    assert state == "success"
    assert project.countries() == {"UCgood": "PT"}
    assert project.ledger(run_id) == [("channel", "published", 2, 1, "publish")]
    assert project.quarantined(run_id) == {"youtube:UCbad": ["country_is_country"]}


def test_the_gate_refuses_a_bad_batch_of_the_new_step_and_tells_people(project):
    run_id, state = project.run_with([channel("UCworse", "Portugal"), channel("UCworst", "Brasil")])
    assert state == "failed"
    assert not {"UCworse", "UCworst"} & set(project.countries())
    assert project.ledger(run_id) == [("channel", "blocked", 2, None, "block")]
    incidents = project.rows("SELECT title FROM core.incident WHERE incident_key = 'gate/sandbox/channel'")
    assert incidents == [("The data-quality gate refused a batch of channel",)]
