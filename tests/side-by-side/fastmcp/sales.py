"""Sales, over HTTP, for sellers who show a token, with FastMCP: each sees and records their own."""

import os
from dataclasses import dataclass
from typing import Annotated

from fastmcp import FastMCP
from fastmcp.dependencies import TokenClaim
from fastmcp.exceptions import ToolError
from fastmcp.server.auth.providers.jwt import JWTVerifier
from pydantic import Field
from shop import Ledger

tokens = JWTVerifier(
    public_key=os.environ["JWT_PUBLIC_KEY"],
    issuer="https://id.example.com",
    audience="sales",
    algorithm="ES256",
)
mcp = FastMCP("sales", auth=tokens)
ledger = Ledger()


@dataclass
class Sales:
    """What a customer bought."""

    customer: str
    months: int
    total_cents: int


@mcp.tool(annotations={"readOnlyHint": True})
def get_sales(
    customer: Annotated[str, "Customer number, as printed on the invoice."],
    months: Annotated[
        int, Field(description="How many months to look back.", ge=1, le=60)
    ] = 12,
    who: str = TokenClaim("sub"),
) -> Sales:
    """Total of your sales to a customer."""
    total_cents = ledger.total(who, customer, months)
    if total_cents is None:
        raise ToolError("you have no such customer")
    return Sales(customer, months, total_cents)


@mcp.tool
def record_sale(
    customer: Annotated[str, "Customer number, as printed on the invoice."],
    cents: Annotated[int, Field(description="What the customer paid, in cents.", ge=0)],
    who: str = TokenClaim("sub"),
) -> str:
    """Records a sale of yours."""
    ledger.record(who, customer, cents)
    return f"recorded {cents} cents of {customer}"


if __name__ == "__main__":
    mcp.run(transport="http")
