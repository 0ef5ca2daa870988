"""One tool, over standard input and output, with FastMCP."""

from typing import Annotated

from fastmcp import FastMCP

mcp = FastMCP("hello")


@mcp.tool(annotations={"readOnlyHint": True})
def hello(name: Annotated[str, "Who to greet."]) -> str:
    """Greets somebody by name."""
    return f"Hello, {name}!"


if __name__ == "__main__":
    mcp.run()
