"""What a person does in the browser: sign in, sign a plan, be a customer."""

from mardev.home.secret_files import read_json_object

SIGN_IN_SECONDS = 60


def signed_in_page(browser, workshop, person):
    """A page of somebody who has signed in with the form, and the list its console errors go to."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, base_url=workshop.airflow_url)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/auth/login/")
    page.fill("input[name=username]", person)
    page.fill("input[name=password]", str(read_json_object(workshop.settings.secrets / "passwords.json")[person]))
    page.click("input[type=submit], button[type=submit]")
    page.wait_for_function("!location.pathname.startsWith('/auth/login')", timeout=SIGN_IN_SECONDS * 1000)
    errors.clear()
    return page, errors


def sign_plan(browser, workshop):
    """Mia looks at the plan and signs it on the page Plan review."""
    page, _ = signed_in_page(browser, workshop, "mia")
    page.goto(f"/mardev/iterations/{workshop.iteration_key}/plan")
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_url("**/plan?note=answered")
    page.context.close()
