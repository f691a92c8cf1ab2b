"""Every page renders, empty and full, in plain words, with whatever strangers call themselves."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
import sqlalchemy as sa
from markupsafe import escape

from builders.creator_rows import NOW, build_channels
from builders.iteration_rows import fill_warehouse
from mardev.pages.services import PageServices
from mardev.topidis.read_graph import read_graph
from mardev.warehouse.tables import follow_list, plan, proposal

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"
GLOBAL_PAGES = ("/", "/iterations", "/graph", "/imports", "/data-quality")
ITERATION_PAGES = (
    "/iterations/summer-players", "/iterations/summer-players/plan", "/iterations/summer-players/go-live",
    "/iterations/summer-players/retrospective", "/iterations/summer-players/decisions/go_live",
    "/iterations/autumn-players", "/iterations/autumn-players/plan", "/iterations/autumn-players/go-live",
    "/iterations/autumn-players/retrospective", "/iterations/autumn-players/decisions/sign_plan_technology",
    "/graph?iteration=summer-players",
)  # fmt: skip
JARGON = ("partition key", "task instance", "dag_id", "None</", "+00:00</", "Undefined")


def test_every_page_renders_on_an_empty_warehouse(mia):
    for path in GLOBAL_PAGES:
        assert mia.get(path).status_code == 200, path
    assert mia.get("/iterations/nothing").status_code == 404
    assert mia.get("/graph/data").status_code == 404


def test_every_page_renders_on_a_full_warehouse_in_plain_words(filled, mia):
    for path in (*GLOBAL_PAGES, *ITERATION_PAGES):
        answer = mia.get(path)
        assert answer.status_code == 200, path
        assert "Sandbox world</strong> – rehearsal, nothing here reaches real people" in answer.text, path
        for word in JARGON:
            assert word not in answer.text, (path, word)


def test_text_from_outside_is_escaped_on_every_page(engine, mia):
    fill_warehouse(engine, channel_count=120, edge_count=700, hostile_title=HOSTILE)
    seen = 0
    for path in (*GLOBAL_PAGES, *ITERATION_PAGES):
        text = mia.get(path).text
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert 'href="javascript:' not in text, path
        seen += "&lt;script&gt;alert" in text
    assert seen >= 6


def test_the_gexf_file_stays_well_formed_with_hostile_titles(engine, mia):
    fill_warehouse(engine, channel_count=120, edge_count=700, hostile_title=HOSTILE + "\x0b")
    answer = mia.get("/graph/file.gexf?iteration=summer-players")
    assert answer.headers["content-disposition"] == 'attachment; filename="influencers-summer-players.gexf"'
    root = ElementTree.fromstring(answer.text)
    nodes = root.findall(".//{http://gexf.net/1.3}node")
    edges = root.findall(".//{http://gexf.net/1.3}edge")
    assert (len(nodes), len(edges)) == (120, 700)
    assert nodes[0].get("label") == HOSTILE + "\ufffd"


@pytest.mark.parametrize("name", ["graphml", "gdf", "csv", "creators.csv"])
def test_the_graph_is_offered_as_other_files_too(filled, mia, name):
    page = mia.get("/graph?iteration=summer-players").text
    assert f'href="/mardev/graph/file.{name}?iteration=summer-players" download' in page
    answer = mia.get(f"/graph/file.{name}?iteration=summer-players")
    assert f'filename="influencers-summer-players.{name}"' in answer.headers["content-disposition"]
    assert answer.text.count("youtube:UC") >= 120


def test_a_file_says_which_lists_are_hidden_and_when_a_follow_was_seen(filled, engine, mia):
    with engine.begin() as connection:
        key = connection.scalar(sa.text("SELECT channel_key FROM core.channel_rank ORDER BY rank_no LIMIT 1"))
        for kind, state in (("subscribes", "hidden"), ("features", "read")):
            connection.execute(
                sa.insert(follow_list).values(
                    channel_key=key, kind=kind, world="sandbox", state=state, observed_at=NOW, ingest_run_id=1
                )
            )
    graph = read_graph(io.BytesIO(mia.get("/graph/file.gexf?iteration=summer-players").content)).document
    node = next(node for node in graph.nodes if node.key == key)
    values = dict(zip((one.title for one in graph.node_attributes), node.values, strict=True))
    assert (values["hidden_lists"], values["read_lists"], values["platform"]) == ("subscribes", "features", "youtube")
    edge = dict(zip((one.title for one in graph.edge_attributes), next(iter(graph.edges)).values, strict=True))
    assert edge["last_seen"] == NOW.isoformat()
    assert edge["first_seen"] < edge["last_seen"]
    assert edge["evidence"] == "subscription list"
    assert next(iter(graph.edges)).kind == "subscribes"


def test_an_unknown_file_of_the_graph_says_which_there_are(filled, mia):
    answer = mia.get("/graph/file.xlsx")
    assert answer.status_code == 404
    assert "gexf, graphml, gdf, csv" in answer.text


def test_graph_data_has_every_follow_once_between_known_creators(filled, mia):
    data = mia.get("/graph/data?iteration=summer-players").json()
    pairs = list(zip(data["edges"][::2], data["edges"][1::2], strict=True))
    assert len(pairs) == len(set(pairs)) == 700
    assert max(data["edges"]) < len(data["columns"]["title"]) == 120
    assert data["columns"]["rank_no"] == sorted(data["columns"]["rank_no"])
    assert data["columns"]["choice"].count("chosen") == 20


def test_my_work_shows_what_waits_for_whom(filled, mia, ian):
    mine, _, others = mia.get("/").text.partition("Waits for others")
    assert "Sign the plan of Autumn players" in mine
    assert "Sign what Autumn players asks" in others
    assert "Sign what Autumn players asks" in ian.get("/").text.partition("Waits for others")[0]


def test_an_iteration_shows_decisions_overrides_incidents_and_money(filled, mia):
    text = mia.get("/iterations/summer-players").text
    for expected in (
        "Mia Keller", "16 of 18 are ready", "Hana Sato", "Link monitoring starts an hour late",
        "App page is down in Germany", "The draft does not name the advertiser.", "€12,000.00", "no time this month",
    ):  # fmt: skip
        assert expected in text, expected


def test_the_retrospective_links_every_bone_to_its_evidence(filled, mia):
    text = mia.get("/iterations/summer-players/retrospective").text
    assert text.count('class="twig ') == text.count('id="finding-') == 6
    assert "412 clicks" in text


def test_the_plan_says_what_became_of_the_creators_named_in_the_form(filled, mia):
    text = mia.get("/iterations/autumn-players/plan").text
    named = text.partition("Creators named in the form")[2].partition("</section>")[0]
    assert "asked for, number 1 on the list" in named
    assert named.count("Not on the list") == 1
    assert "left out, because the last retrospective (Summer players)" in named
    assert "/iterations/summer-players/retrospective#next" in named
    assert "Creators named in the form" not in mia.get("/iterations/summer-players/plan").text


def test_the_proposed_form_names_creators_and_keeps_their_keys_for_starting(filled, mia):
    text = mia.get("/iterations/summer-players/retrospective").text
    shown, _, pasted = text.partition("The form, filled in")[2].partition('id="form-json"')
    titles = [channel.title for channel in build_channels(120)]
    assert "Creators who must be on the list" in shown
    assert escape(titles[0]) in shown
    assert escape(titles[40]) in shown
    assert build_channels(120)[40].channel_key not in shown
    assert build_channels(120)[40].channel_key in pasted


def test_an_iteration_that_was_sent_back_says_who_sent_it_back_and_why(engine, filled, mia):
    reason = {"person": "mia", "decision": "sign_plan_marketing", "answer": "Send back", "reason": "Too dear."}
    with engine.begin() as connection:
        connection.execute(
            sa.insert(proposal).values(
                iteration_key="autumn-players", form={"campaign": "Autumn players"}, reasons=[reason], proposed_at=NOW
            )
        )
    text = mia.get("/iterations/autumn-players/retrospective").text
    assert "<li>Sent back by mia: Too dear.</li>" in text


def test_addresses_of_people_are_not_shown_from_quarantine(filled, mia):
    text = mia.get("/data-quality").text
    assert "subscribers not negative" in text
    assert "someone@creator.example" not in text


def test_a_warehouse_that_is_gone_is_explained(pages, mia):
    inner = next(route.app for route in pages.routes if getattr(route, "path", "") == "/mardev")
    services = inner.state.services
    gone = sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    inner.state.services = PageServices(**{**services.__dict__, "reader": lambda: gone})
    answer = mia.get("/")
    assert answer.status_code == 503
    assert "mardev doctor" in answer.text


def test_files_are_served_by_name_only(mia):
    assert mia.get("/static/mardev.css").status_code == 200
    assert mia.get("/static/..%2Fapp.py").status_code == 404
    assert mia.get("/static/app.py").status_code == 404


def test_figures_that_had_to_go_are_dark_with_a_sentence_that_says_why_and_what_to_do(filled, engine, mia):
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM mart.post_latest"))
        connection.execute(sa.text("DELETE FROM mart.channel_latest"))
        connection.execute(sa.text("DELETE FROM core.channel_rank"))
        connection.execute(sa.text("DELETE FROM core.vertical"))
        connection.execute(sa.text("UPDATE core.post SET title = '', description = '', expired_at = now()"))
        connection.execute(
            sa.text("UPDATE core.kpi_target SET kpi_key = 'views', name = 'Views', result_value = NULL, "
                    "measured_at = now() WHERE iteration_key = 'summer-players' AND kpi_key = 'conversions'")
        )  # fmt: skip
    for path in ITERATION_PAGES:
        assert mia.get(path).status_code == 200, path
    overview = mia.get("/iterations/summer-players").text
    assert 'id="dark-views"' in overview
    assert "approval_reference" in overview
    assert "Clicks, conversions, cost and revenue are our own record" in overview
    assert 'id="dark-results"' in overview
    assert 'id="dark-ranks"' in mia.get("/iterations/summer-players/plan").text
    assert 'id="dark-graph"' in mia.get("/graph?iteration=summer-players").text


def test_a_plan_by_the_graph_alone_says_so_where_its_forecasts_would_be(filled, engine, mia):
    basis = {"features": ["graph"], "sources": ["youtube"], "approvals": {}}
    with engine.begin() as connection:
        connection.execute(sa.update(plan).where(plan.c.iteration_key == "autumn-players").values(score_basis=basis))
        connection.execute(
            sa.text("UPDATE core.plan_row SET expected_views = NULL, expected_clicks = NULL, "
                    "expected_conversions = NULL WHERE iteration_key = 'autumn-players'")
        )  # fmt: skip
    page = mia.get("/iterations/autumn-players/plan").text
    assert "Views, clicks and conversions are not forecast here" in page
    assert "mardev_youtube" in page
    assert "Endorsing channels reached" in page
    assert "None" not in page
