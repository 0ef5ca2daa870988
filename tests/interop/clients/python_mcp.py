"""Runs one conversation with the published Python SDK: `python_mcp.py sales|fixture|contracts auto|legacy KIND TARGET`.

Mode `auto` asks `server/discover` first and stays with 2026-07-28, mode `legacy` does the `initialize` handshake. The
steps are those of `sales.mjs`, `fixture.mjs` and `contracts.mjs`; each prints one line. The kinds of servers, and what they can do, are
those of `conversation.mjs`.
"""

import contextlib
import json
import os
import sys
import time
import traceback
import warnings

import anyio
import httpx2
import jsonschema
import mcp_types as types
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

LIMIT_SECONDS = 60
VERSIONS = {"auto": "2026-07-28", "legacy": "2025-11-25"}
KINDS = ("http", "stdio", "function", "streaming-function")

CUSTOMER = "C-1001"
SUMMARY = f"sales://customers/{CUSTOMER}/summary"
AMOUNT = 12_345
PART = 2_345
ANSWERS = {"username": "ada", "email": "ada@example.com", "name": "Ada", "color": "blue", "context": "tests", "ok": True}

# What is deprecated in 2026-07-28 is what the older revisions consist of.
warnings.filterwarnings("ignore", message=".*2026-07-28.*")


class Step:
    """One step: prints how it went and how long it took."""

    current = "connect"

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        Step.current = self.name
        self.started = time.monotonic()

    def __exit__(self, error, *_):
        if error is not None:
            print(f"  FAIL {self.name}", flush=True)
        else:
            print(f"  ok   {self.name} ({(time.monotonic() - self.started) * 1000:.0f} ms)", flush=True)


class Inbox:
    """Keeps what arrives and lets others wait for it."""

    def __init__(self):
        self.items = []
        self._grown = anyio.Event()

    def add(self, item):
        self.items.append(item)
        self._grown.set()
        self._grown = anyio.Event()

    async def take(self, count, wanted=lambda _: True):
        while len(found := [item for item in self.items if wanted(item)]) < count:
            await self._grown.wait()
        return found[:count]


class Peer:
    """A connected client, and what the server asked of it and told it."""

    def __init__(self, mode, kind, target):
        self.modern = mode == "auto"
        answers_only = kind.endswith("function")
        self.streams = kind != "function"
        self.asks = self.modern or not answers_only
        self.tells = not answers_only or (self.modern and kind == "streaming-function")
        self.notified = Inbox()
        self.asked = Inbox()
        self.logged = Inbox()
        self.form = types.ElicitResult(action="decline")
        self._stream = anyio.Event()
        self._http = kind != "stdio"
        self.client = Client(
            self._server(kind, target),
            mode=mode,
            client_info=types.Implementation(name="interop", version="1"),
            message_handler=self._notice,
            elicitation_callback=self._elicit,
            sampling_callback=self._sample,
            list_roots_callback=self._roots,
            logging_callback=self._log,
        )

    def _server(self, kind, target):
        if kind == "stdio":
            return StdioServerParameters(command=target, env={"SALES_DB": os.environ.get("SALES_DB", "")})

        async def opened(response):
            if response.request.method == "GET" and response.is_success:
                self._stream.set()

        http = httpx2.AsyncClient(timeout=httpx2.Timeout(30, read=LIMIT_SECONDS), event_hooks={"response": [opened]})
        return streamable_http_client(target, http_client=http)

    async def _notice(self, message):
        if isinstance(message, Exception):
            print(f"  note {message!r}", flush=True)
        else:
            self.notified.add(message)

    async def _elicit(self, context, params):
        # In 2026-07-28 this id is the key of the request in the server's answer.
        self.asked.add((context.request_id, params))
        return self.form(params) if callable(self.form) else self.form

    async def _sample(self, context, _params):
        self.asked.add((context.request_id, "sampling"))
        text = types.TextContent(type="text", text="Paris")
        return types.CreateMessageResult(role="assistant", model="interop", content=text)

    async def _roots(self, context):
        self.asked.add((context.request_id, "roots"))
        return types.ListRootsResult(roots=[types.Root(uri="file:///srv", name="srv")])

    async def _log(self, params):
        self.logged.add(params.level)

    async def ready(self):
        """Waits for the stream of notifications; what the server sends before it is open would be lost."""
        if self._http and not self.modern:
            await self._stream.wait()

    async def call(self, name, arguments=None, **options):
        result = await self.client.call_tool(name, arguments or {}, **options)
        assert not result.is_error, f"{name} failed: {text_of(result)}"
        return result

    @contextlib.asynccontextmanager
    async def update_of(self, uri):
        """Subscribes to a resource, and at the end waits until it was said to have changed; where that can be said."""
        if not self.tells:
            skip("hear of the sale", "the server says nothing between two replies")
            yield
            return
        if self.modern:
            async with self.client.listen(resource_subscriptions=[uri]) as changes:
                assert changes.honored.resource_subscriptions == [uri]
                yield
                assert (await anext(changes)).uri == uri
            return
        await self.ready()
        await self.client.subscribe_resource(uri)
        yield
        await self.notified.take(
            1, lambda note: isinstance(note, types.ResourceUpdatedNotification) and str(note.params.uri) == uri
        )
        await self.client.unsubscribe_resource(uri)

    @contextlib.asynccontextmanager
    async def change_of_tools(self):
        """At the end waits until the list of tools was said to have changed."""
        if self.modern:
            async with self.client.listen(tools_list_changed=True) as changes:
                assert changes.honored.tools_list_changed
                yield
                await anext(changes)
            return
        await self.ready()
        yield
        await self.notified.take(1, lambda note: isinstance(note, types.ToolListChangedNotification))


def skip(step, why):
    print(f"  skip {step}: {why}", flush=True)


def text_of(result):
    return "\n".join(part.text for part in result.content if part.type == "text")


async def sales(peer):
    """Talks to the example server `sales-data`."""
    client = peer.client

    async def summary():
        (content,) = (await client.read_resource(SUMMARY)).contents
        assert str(content.uri) == SUMMARY and content.mime_type == "application/json", content
        return content.text

    async def refunded(order):
        return (await peer.call("get_refund_status", {"order_id": order})).structured_content

    with Step("list tools"):
        names = {tool.name for tool in (await client.list_tools()).tools}
        missing = {"get_customer_sales", "record_sale", "refund_order", "get_refund_status", "export_report"} - names
        assert not missing, missing

    with Step("call get_customer_sales"):
        result = await peer.call("get_customer_sales", {"customer_id": CUSTOMER, "months": 120})
        assert result.structured_content["customer_id"] == CUSTOMER
        assert result.structured_content["total_cents"] > 0
        assert json.loads(text_of(result)) == result.structured_content

    with Step("list resource templates"):
        templates = {t.uri_template: t.mime_type for t in (await client.list_resource_templates()).resource_templates}
        assert templates["sales://customers/{customer_id}/summary"] == "application/json"

    with Step("read a summary"):
        assert json.loads(await summary())["customer_id"] == CUSTOMER

    with Step("complete the tone of draft_refund_reply"):

        async def typed(value):
            reference = types.PromptReference(type="ref/prompt", name="draft_refund_reply")
            return (await client.complete(reference, {"name": "tone", "value": value})).completion.values

        tone = (await typed(""))[0]
        assert tone in await typed(tone[0])

    with Step("get draft_refund_reply"):
        (prompt,) = [p for p in (await client.list_prompts()).prompts if p.name == "draft_refund_reply"]
        assert [argument.name for argument in prompt.arguments] == ["customer_id", "tone"]
        got = await client.get_prompt("draft_refund_reply", {"customer_id": CUSTOMER, "tone": tone})
        assert got.messages[0].role == "user"
        assert tone in "".join(message.model_dump_json() for message in got.messages)

    with Step("see the summary change when a sale is recorded"):
        before = await summary()
        async with peer.update_of(SUMMARY):
            sale = await peer.call("record_sale", {"customer_id": CUSTOMER, "amount_cents": AMOUNT})
        order = sale.structured_content["order_id"]
        assert await summary() != before

    refund = {"order_id": order, "amount_cents": PART}
    if peer.asks:
        with Step("refuse a refund, then approve it"):
            peer.form = types.ElicitResult(action="accept", content={"approve": False})
            # Whether the tool calls a refusal a failure is its own affair; the money is what counts.
            await client.call_tool("refund_order", refund)
            assert (await refunded(order))["state"] == "none"
            peer.form = types.ElicitResult(action="accept", content={"approve": True})
            await peer.call("refund_order", refund)
            status = await refunded(order)
            assert (status["state"], status["refunded_cents"]) == ("partial", PART), status
            assert len(peer.asked.items) == 2, "one question for each refund"
            for key, params in peer.asked.items:
                assert params.mode == "form" and params.message
                assert params.requested_schema["properties"]["approve"]["type"] == "boolean"
                assert not peer.modern or key == "approval", key

        with Step("do without a refund that is declined"):
            peer.form = types.ElicitResult(action="decline")
            await client.call_tool("refund_order", refund)
            assert (await refunded(order))["refunded_cents"] == PART
    else:
        with Step("do without a refund that nobody can be asked about"):
            assert (await client.call_tool("refund_order", refund)).is_error
            assert not peer.asked.items and (await refunded(order))["state"] == "none"

    if peer.streams:
        with Step("cancel export_report after its first progress"):
            with anyio.CancelScope() as report:

                async def enough(progress, _total, _message):
                    assert progress >= 0
                    report.cancel()

                await client.call_tool("export_report", {"year": 2024}, progress_callback=enough)
            assert report.cancelled_caught, "it ended by itself"
            # The server is there for the next call.
            await peer.call("get_customer_sales", {"customer_id": CUSTOMER, "months": 120})
    else:
        with Step("see the progress of export_report"):
            seen = Inbox()

            async def see(progress, _total, _message):
                seen.add(progress)

            await peer.call("export_report", {"year": 2024}, progress_callback=see)
            # The callbacks run beside the call and may end after it.
            assert await seen.take(12) == list(range(1, 13))


async def contracts(peer):
    """Lists the tools of any server, and has `jsonschema` look at what each takes and gives."""
    with Step("list tools, as the client validates them"):
        tools = (await peer.client.list_tools()).tools
        assert tools
    with Step(f"look at the schemas of {len(tools)} tools"):
        for tool in tools:
            schemas = [tool.input_schema] + ([tool.output_schema] if tool.output_schema else [])
            for schema in schemas:
                jsonschema.Draft202012Validator.check_schema(schema)
            assert tool.input_schema["type"] == "object", tool.name


async def fixture(peer):
    """Talks to the server of the conformance suite."""
    client, modern = peer.client, peer.modern

    def fill(params):
        wanted = params.requested_schema["properties"].keys() & ANSWERS.keys()
        return types.ElicitResult(action="accept", content={key: ANSWERS[key] for key in wanted})

    peer.form = fill

    async def asked_by(name, arguments=None):
        peer.asked.items.clear()
        await peer.call(name, arguments)
        return [what if isinstance(what, str) else "form" for _, what in peer.asked.items]

    with Step("list tools"):
        assert "test_simple_text" in {tool.name for tool in (await client.list_tools()).tools}

    with Step("receive content of several kinds"):
        content = (await peer.call("test_multiple_content_types")).content
        assert {"text", "image", "resource"} <= {part.type for part in content}

    with Step("see a tool fail"):
        assert (await client.call_tool("test_error_handling", {})).is_error

    with Step("read a resource of a template"):
        assert "42" in (await client.read_resource("test://template/42/data")).contents[0].text

    with Step("complete and get a prompt"):
        reference = types.PromptReference(type="ref/prompt", name="test_prompt_with_arguments")
        await client.complete(reference, {"name": "arg1", "value": "test"})
        got = await client.get_prompt(reference.name, {"arg1": "hello", "arg2": "world"})
        assert "hello" in got.messages[0].content.text and "world" in got.messages[0].content.text

    with Step("see progress"):
        seen = Inbox()

        async def on_progress(progress, _total, _message):
            seen.add(progress)

        await peer.call("test_tool_with_progress", progress_callback=on_progress)
        # The callbacks run beside the call and may end after it.
        assert await seen.take(3) == [0, 50, 100]

    with Step("receive log messages"):
        if not modern:
            await client.set_logging_level("info")
        wish = {"io.modelcontextprotocol/logLevel": "info"} if modern else None
        await peer.call("test_tool_with_logging", meta=wish)
        assert await peer.logged.take(3) == ["info"] * 3

    if peer.asks:
        with Step("answer a form"):
            if modern:
                assert await asked_by("test_input_required_result_elicitation") == ["form"]
                assert peer.asked.items[0][0] == "user_name"
            else:
                assert await asked_by("test_elicitation", {"message": "Who are you?"}) == ["form"]

        with Step("answer a request for sampling"):
            if modern:
                assert await asked_by("test_input_required_result_sampling") == ["sampling"]
            else:
                assert await asked_by("test_sampling", {"prompt": "The capital of France?"}) == ["sampling"]
    else:
        skip("answer a form, or a request for sampling", "the server asks nobody")

    if modern:
        with Step("answer a request for roots"):
            assert await asked_by("test_input_required_result_list_roots") == ["roots"]

        with Step("answer three requests at once"):
            three = await asked_by("test_input_required_result_multiple_inputs")
            assert sorted(three) == ["form", "roots", "sampling"], three

        with Step("answer one request after the other"):
            assert len(await asked_by("test_input_required_result_multi_round")) == 2

        with Step("answer before a prompt is given"):
            peer.asked.items.clear()
            assert (await client.get_prompt("test_input_required_result_prompt")).messages
            assert len(peer.asked.items) == 1
    else:
        skip("answer three requests at once, or one after the other", "2026-07-28 alone has it")

    if peer.tells:
        with Step("hear that the list of tools changed"):
            async with peer.change_of_tools():
                await peer.call("test_trigger_tool_change")
    else:
        skip("hear that the list of tools changed", "the server says nothing between two replies")


async def converse(talk, mode, kind, target):
    peer = Peer(mode, kind, target)
    with anyio.fail_after(LIMIT_SECONDS):
        with Step("connect"):
            client = await peer.client.__aenter__()
            assert client.protocol_version == VERSIONS[mode], client.protocol_version
            assert client.server_info and client.server_info.name
        try:
            await talk(peer)
        except BaseException:
            await client.__aexit__(*sys.exc_info())
            raise
        with Step("close"):
            await client.__aexit__(None, None, None)


def main():
    conversations = {"sales": sales, "fixture": fixture, "contracts": contracts}
    try:
        name, mode, kind, target = sys.argv[1:]
        arguments = (conversations[name], mode, kind, target)
        assert mode in VERSIONS and kind in KINDS
    except (ValueError, KeyError, AssertionError):
        sys.exit(f"usage: python_mcp.py sales|fixture|contracts auto|legacy {'|'.join(KINDS)} URL-or-PROGRAM")
    try:
        anyio.run(converse, *arguments)
    except TimeoutError:
        sys.exit(f"  FAIL {Step.current}: not done after {LIMIT_SECONDS} s")
    except BaseException:
        traceback.print_exc()
        sys.exit(1)


main()
