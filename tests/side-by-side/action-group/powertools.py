"""Sales for an agent of Amazon Bedrock, with Powertools for AWS Lambda, which makes the document from the functions."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler import BedrockAgentResolver
from aws_lambda_powertools.event_handler.exceptions import BadRequestError
from aws_lambda_powertools.event_handler.openapi.params import Body
from shop import Ledger

app = BedrockAgentResolver()
ledger = Ledger()


@dataclass
class Sales:
    """What a customer bought."""

    customer: str
    months: int
    total_cents: int


@app.post(
    "/get_sales",
    operation_id="get_sales",
    description="Total of the agent's sales to a customer.",
)
def get_sales(
    customer: Annotated[
        str, Body(description="Customer number, as printed on the invoice.")
    ],
    months: Annotated[
        int, Body(description="How many months to look back.", ge=1, le=60)
    ] = 12,
) -> Sales:
    total_cents = ledger.total(app.current_event.agent.id, customer, months)
    if total_cents is None:
        raise BadRequestError("you have no such customer")
    return Sales(customer, months, total_cents)


@app.post(
    "/record_sale",
    operation_id="record_sale",
    description="Records a sale of the agent.",
)
def record_sale(
    customer: Annotated[
        str, Body(description="Customer number, as printed on the invoice.")
    ],
    cents: Annotated[int, Body(description="What the customer paid, in cents.", ge=0)],
) -> str:
    ledger.record(app.current_event.agent.id, customer, cents)
    return f"recorded {cents} cents of {customer}"


def handler(event, context):
    return app.resolve(event, context)


if __name__ == "__main__":
    print(app.get_openapi_json_schema(title="Sales", version="1"))
