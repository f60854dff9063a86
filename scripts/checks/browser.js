// What a person does at /docs, for scripts/checks/browser: signs in, puts the token in, reads who one is.
"use strict";

const assert = require("node:assert");
const path = require("node:path");
const { chromium } = require("playwright-core");

const { QUID_CHECK_PORT, QUID_CHECK_EMAIL, QUID_CHECK_PASSWORD, QUID_CHECK_CHROMIUM, QUID_CHECK_REPORT } = process.env;
// Not localhost: there Swagger UI leaves things out that it does elsewhere, such as asking a validator.
const HOST = "quid.example";
const ORIGIN = `http://${HOST}:${QUID_CHECK_PORT}`;
// Each wait ends long before the whole does.
const MILLISECONDS = 15_000;

/** Sends the request of an operation that is open, and gives what came back. */
async function execute(operation) {
    await operation.getByRole("button", { name: "Execute" }).click();
    const live = operation.locator(".live-responses-table .response").first();
    await live.waitFor();
    return {
        status: Number((await live.locator(".response-col_status").innerText()).trim().split(/\s/)[0]),
        body: JSON.parse(await live.locator(".highlight-code code, .microlight").first().innerText()),
    };
}

/** Opens an operation by its `operationId`. */
async function open(page, id) {
    const operation = page.locator(`.opblock[id$="-${id}"]`);
    await operation.locator(".opblock-summary-control").click();
    await operation.locator(".opblock-body").waitFor();
    return operation;
}

async function signIn(page) {
    const operation = await open(page, "sign_in");
    const body = { email: QUID_CHECK_EMAIL, password: QUID_CHECK_PASSWORD };
    await operation.locator("textarea.body-param__text").fill(JSON.stringify(body));
    const answer = await execute(operation);
    assert.strictEqual(answer.status, 201, `signing in: ${JSON.stringify(answer)}`);
    return answer.body.access_token;
}

async function authorize(page, token) {
    await page.locator(".auth-wrapper").getByRole("button", { name: "Authorize" }).click();
    const dialog = page.locator(".modal-ux");
    const person = dialog.locator(".auth-container", { hasText: "person" });
    await person.locator("input").fill(token);
    await person.getByRole("button", { name: "Apply credentials" }).click();
    await person.getByText("Authorized").waitFor();
    await dialog.getByRole("button", { name: "Close" }).first().click();
    await dialog.waitFor({ state: "detached" });
}

async function readMe(page) {
    return execute(await open(page, "get_me"));
}

async function main() {
    const browser = await chromium.launch({
        executablePath: QUID_CHECK_CHROMIUM,
        args: [
            `--host-resolver-rules=MAP ${HOST} 127.0.0.1, MAP * ~NOTFOUND`,
            // The sandbox can't be had by root, and what runs here is our own.
            ...(process.getuid() === 0 ? ["--no-sandbox"] : []),
        ],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    page.setDefaultTimeout(MILLISECONDS);
    const found = [];
    page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) {
            found.push(`console: ${message.text()} (${message.location().url})`);
        }
    });
    page.on("pageerror", (error) => found.push(`page: ${error.stack}`));
    page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.origin !== ORIGIN && !["data:", "blob:"].includes(url.protocol)) {
            found.push(`another host: ${request.method()} ${request.url()}`);
        }
    });
    try {
        await page.goto(`${ORIGIN}/docs`);
        await page.getByRole("heading", { name: /^Quid/ }).waitFor();
        const stranger = await readMe(page);
        assert.strictEqual(stranger.status, 401, `reading without a token: ${JSON.stringify(stranger)}`);
        // Chromium itself tells the console of every answer from 400 on; this one was asked for.
        const told = found.filter((line) => line.includes("401") && line.includes("/v1/me"));
        assert.deepStrictEqual(found, told);
        found.length = 0;

        await authorize(page, await signIn(page));
        await page.locator('.opblock[id$="-get_me"]').getByRole("button", { name: "Clear" }).click();
        const me = await execute(page.locator('.opblock[id$="-get_me"]'));
        assert.strictEqual(me.status, 200, `reading with the token: ${JSON.stringify(me)}`);
        assert.strictEqual(me.body.member.email, QUID_CHECK_EMAIL);
        assert.deepStrictEqual(found, [], "the page complained, or asked another host");
    } catch (error) {
        await page.screenshot({ path: path.join(QUID_CHECK_REPORT, "page.png"), fullPage: true });
        throw error;
    } finally {
        await browser.close();
    }
    console.log(`${ORIGIN}/docs: signed in, authorized and read /v1/me as ${QUID_CHECK_EMAIL}`);
}

main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
