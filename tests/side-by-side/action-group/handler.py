"""Sales for an agent of Amazon Bedrock: the Lambda function behind the operations of `openapi.yaml`."""

import json

from shop import Ledger

ledger = Ledger()


class Refused(Exception):
    """What the agent has to do differently."""


def get_sales(seller, customer, months="12"):
    months = whole("months", months)
    if not 1 <= months <= 60:
        raise Refused("`months` has to be within 1 and 60")
    total_cents = ledger.total(seller, customer, months)
    if total_cents is None:
        raise Refused("you have no such customer")
    return {"customer": customer, "months": months, "total_cents": total_cents}


def record_sale(seller, customer, cents):
    cents = whole("cents", cents)
    if cents < 0:
        raise Refused("`cents` has to be at least 0")
    ledger.record(seller, customer, cents)
    return f"recorded {cents} cents of {customer}"


def whole(name, text):
    try:
        return int(text)
    except ValueError:
        raise Refused(f"`{name}` has to be a whole number") from None


OPERATIONS = {"/get_sales": get_sales, "/record_sale": record_sale}
REQUIRED = {"/get_sales": {"customer"}, "/record_sale": {"customer", "cents"}}
KNOWN = {"/get_sales": {"customer", "months"}, "/record_sale": {"customer", "cents"}}


def answer(event):
    path = event["apiPath"]
    if path not in OPERATIONS:
        return 404, "there is no such operation"
    body = event.get("requestBody", {}).get("content", {}).get("application/json", {})
    # Every value is a text, whatever the schema says.
    arguments = {given["name"]: given["value"] for given in body.get("properties", [])}
    missing = REQUIRED[path] - arguments.keys()
    unknown = arguments.keys() - KNOWN[path]
    if missing or unknown:
        return 400, f"missing: {sorted(missing)}, unknown: {sorted(unknown)}"
    try:
        return 200, OPERATIONS[path](event["agent"]["id"], **arguments)
    except Refused as why:
        return 400, str(why)


def handler(event, context):
    status, body = answer(event)
    return {
        "messageVersion": "1.0",
        "response": {
            "actionGroup": event["actionGroup"],
            "apiPath": event["apiPath"],
            "httpMethod": event["httpMethod"],
            "httpStatusCode": status,
            "responseBody": {"application/json": {"body": json.dumps(body)}},
        },
        "sessionAttributes": event.get("sessionAttributes", {}),
        "promptSessionAttributes": event.get("promptSessionAttributes", {}),
    }
