"""A refund that the user has to approve, over standard input and output, with FastMCP."""

from dataclasses import dataclass
from typing import Annotated

from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from mcp.types import ElicitRequest, ElicitRequestFormParams, InputRequiredResult
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import Field, TypeAdapter
from shop import Orders

mcp = FastMCP("refund")
orders = Orders()


@dataclass
class Approval:
    """What the user has to say."""

    approve: Annotated[bool, Field(description="Whether to pay back.")]


APPROVAL = TypeAdapter(Approval)


@mcp.tool(annotations={"destructiveHint": True})
async def refund(
    order: Annotated[str, "Order number."], ctx: Context
) -> str | InputRequiredResult:
    """Pays back an order, after the user approved it."""
    question = f"Refund order {order}?"
    if ctx.request_context.protocol_version in MODERN_PROTOCOL_VERSIONS:
        if ctx.input_responses is None:
            return ask(question)
        answer = ctx.input_responses["approval"]
        approved = (
            answer.action == "accept"
            and APPROVAL.validate_python(answer.content).approve
        )
    else:
        answer = await ctx.elicit(question, response_type=Approval)
        approved = answer.action == "accept" and answer.data.approve
    if not approved:
        raise ToolError("the user did not approve the refund")
    cents = orders.pay_back(order)
    if cents is None:
        raise ToolError("there is no such order to pay back")
    return f"paid back {cents} cents"


def ask(question: str) -> InputRequiredResult:
    """Ends the call with the question; the client calls again with the answer."""
    form = ElicitRequestFormParams(
        message=question, requested_schema=APPROVAL.json_schema()
    )
    return InputRequiredResult(
        result_type="input_required",
        input_requests={
            "approval": ElicitRequest(method="elicitation/create", params=form)
        },
    )


if __name__ == "__main__":
    mcp.run()
