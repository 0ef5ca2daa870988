"""Talks to `sales-data` as a Lambda function through AWS's client for the Invoke API: `aws_invoke.py`.

Where the function is, `AWS_ENDPOINT_URL_LAMBDA` says. The client speaks the revisions with `initialize`, and every
message is an invocation of its own. Each step prints one line.
"""

import json
import sys
import time
import traceback

import anyio
from mcp import ClientSession, types
from mcp_lambda import LambdaFunctionParameters, lambda_function_client

LIMIT_SECONDS = 60
CUSTOMER = "C-1001"
FUNCTION = LambdaFunctionParameters(function_name="function", region_name="eu-central-1")


class Step:
    """One step: prints how it went and how long it took."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.started = time.monotonic()

    def __exit__(self, error, *_):
        if error is not None:
            print(f"  FAIL {self.name}", flush=True)
        else:
            print(f"  ok   {self.name} ({(time.monotonic() - self.started) * 1000:.0f} ms)", flush=True)


async def talk(session):
    with Step("initialize, and tell that it is done"):
        agreed = await session.initialize()
        assert agreed.protocolVersion == types.LATEST_PROTOCOL_VERSION, agreed.protocolVersion
        assert agreed.serverInfo.name == "sales-data"

    with Step("list tools"):
        names = {tool.name for tool in (await session.list_tools()).tools}
        assert {"get_customer_sales", "record_sale", "refund_order", "export_report"} <= names, names

    with Step("call get_customer_sales"):
        result = await session.call_tool("get_customer_sales", {"customer_id": CUSTOMER, "months": 120})
        assert not result.isError, result
        assert result.structuredContent["customer_id"] == CUSTOMER
        assert json.loads(result.content[0].text) == result.structuredContent

    with Step("see a tool fail"):
        assert (await session.call_tool("get_customer_sales", {"customer_id": "nobody"})).isError

    with Step("read a summary"):
        (content,) = (await session.read_resource(f"sales://customers/{CUSTOMER}/summary")).contents
        assert json.loads(content.text)["customer_id"] == CUSTOMER

    with Step("get draft_refund_reply"):
        (prompt,) = (await session.list_prompts()).prompts
        got = await session.get_prompt(prompt.name, {"customer_id": CUSTOMER, "tone": "formal"})
        assert any(CUSTOMER in message.model_dump_json() for message in got.messages)


async def main():
    with anyio.fail_after(LIMIT_SECONDS):
        async with lambda_function_client(FUNCTION) as (read, write), ClientSession(read, write) as session:
            await talk(session)


try:
    anyio.run(main)
except BaseException:
    traceback.print_exc()
    sys.exit(1)
