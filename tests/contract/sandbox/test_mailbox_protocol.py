"""Gmail API v1 of the sandbox, used by the unmodified google-api-python-client over real HTTP."""

import base64
from datetime import timedelta
from email import message_from_bytes

import pytest
from googleapiclient.errors import HttpError

from builders.small_world import START
from sandbox.model import BRAND_MAILBOX


@pytest.fixture
def messages(served):
    """The brand's mailbox with three answers, an hour apart, and something the brand sent."""
    for hour, subject in enumerate(("First", "Second", "Third")):
        served.world.put_mail(BRAND_MAILBOX, "inbox", subject, f"Answer {hour}", at=START + timedelta(hours=hour))
    served.world.put_mail(BRAND_MAILBOX, "sent", "Offer", "Our offer", at=START - timedelta(days=1))
    return served.with_bearer("gmail.v1", "gmail").users().messages()


def subjects(messages, **query):
    listed = messages.list(userId="me", **query).execute().get("messages", [])
    return [header(messages.get(userId="me", id=one["id"], format="metadata").execute(), "Subject") for one in listed]


def header(message, name):
    return next(one["value"] for one in message["payload"]["headers"] if one["name"] == name)


def test_mails_are_listed_newest_first(messages):
    assert subjects(messages) == ["Third", "Second", "First", "Offer"]


def test_labels_select_the_inbox(messages):
    assert subjects(messages, labelIds=["INBOX", "UNREAD"]) == ["Third", "Second", "First"]


def test_a_search_after_an_instant_includes_its_second(messages):
    since = int((START + timedelta(hours=1)).timestamp())
    assert subjects(messages, q=f"after:{since} in:inbox") == ["Third", "Second"]


def test_unread_mails_are_found_until_they_are_marked(messages):
    first = messages.list(userId="me", q="is:unread subject:first").execute()["messages"][0]
    changed = messages.modify(userId="me", id=first["id"], body={"removeLabelIds": ["UNREAD"]}).execute()
    assert changed["labelIds"] == ["INBOX"]
    assert subjects(messages, q="is:unread") == ["Third", "Second"]


def test_a_mailbox_is_paged_to_the_end(messages):
    request, found = messages.list(userId="me", maxResults=3), []
    while request is not None:
        answer = request.execute()
        found.append(len(answer["messages"]))
        request = messages.list_next(request, answer)
    assert found == [3, 1]


def test_an_empty_search_has_no_messages_field(messages):
    assert messages.list(userId="me", q="nobody-wrote-this").execute() == {"resultSizeEstimate": 0}


def test_the_raw_form_is_the_mail_as_it_came(served, messages):
    newest = messages.list(userId="me", maxResults=1).execute()["messages"][0]["id"]
    answer = messages.get(userId="me", id=newest, format="raw").execute()
    raw = base64.urlsafe_b64decode(answer["raw"])
    assert raw == served.world.mail(newest).raw
    assert message_from_bytes(raw)["Subject"] == "Third"
    assert answer["internalDate"] == str(int((START + timedelta(hours=2)).timestamp() * 1000))


def test_the_full_form_shows_the_parts(served, messages):
    stored = served.world.put_mail(BRAND_MAILBOX, "inbox", "Parts", "with a calendar", at=START)
    payload = messages.get(userId="me", id=stored.id).execute()["payload"]
    assert [part["mimeType"] for part in payload["parts"]] == ["text/plain", "text/calendar"]
    assert base64.urlsafe_b64decode(payload["parts"][0]["body"]["data"]) == b"with a calendar\n"


def test_chosen_headers_only_with_the_metadata_form(messages):
    newest = messages.list(userId="me", maxResults=1).execute()["messages"][0]["id"]
    answer = messages.get(userId="me", id=newest, format="metadata", metadataHeaders=["Message-ID"]).execute()
    assert [one["name"] for one in answer["payload"]["headers"]] == ["Message-ID"]


def test_a_mail_of_nobody_is_not_found(messages):
    with pytest.raises(HttpError) as caught:
        messages.get(userId="me", id="00000000000000ff").execute()
    assert caught.value.status_code == 404


def test_a_creators_mailbox_is_none_of_the_brands(messages):
    with pytest.raises(HttpError) as caught:
        messages.list(userId="creator0@channels.example").execute()
    assert caught.value.status_code == 403


def test_a_wrong_token_is_refused_and_not_repeated(served):
    answer = served.http.get("/gmail/gmail/v1/users/me/messages", headers=served.bearer("TOKEN-OF-SOMEBODY"))
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert "TOKEN-OF-SOMEBODY" not in answer.text


@pytest.mark.parametrize(
    "body",
    [{}, {"addLabelIds": ["HOLIDAY"]}, {"addLabelIds": "UNREAD"}, {"colour": "red"}],
)
def test_changes_that_make_no_sense_are_refused(messages, body):
    newest = messages.list(userId="me", maxResults=1).execute()["messages"][0]["id"]
    with pytest.raises(HttpError) as caught:
        messages.modify(userId="me", id=newest, body=body).execute()
    assert caught.value.status_code == 400


def test_a_made_up_page_token_of_mails_is_refused(messages):
    with pytest.raises(HttpError) as caught:
        messages.list(userId="me", pageToken="AAAA").execute()
    assert caught.value.status_code == 400


def test_the_profile_counts_the_mailbox(served, messages):
    profile = served.with_bearer("gmail.v1", "gmail").users().getProfile(userId="me").execute()
    assert (profile["emailAddress"], profile["messagesTotal"]) == (BRAND_MAILBOX, 4)
