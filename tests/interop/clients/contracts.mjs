// What a client that validates makes of the tools of any server: each schema is one for Ajv, which the clients use, and
// in its strict mode, where a keyword or a format that it does not know is an error.

import assert from 'node:assert/strict';

import { Ajv2020 } from 'ajv/dist/2020.js';

import { step } from './steps.mjs';

// A schema of this name was written by hand, in all of JSON Schema, and is published as it is.
const BY_HAND = 'json_schema_2020_12_tool';

function strictly(schema) {
  const ajv = new Ajv2020({ strict: true, strictRequired: true, allErrors: true });
  // MCP's own keyword for an argument that a header repeats.
  ajv.addKeyword('x-mcp-header');
  return ajv.compile(schema);
}

/** Lists the tools of a server, and has Ajv compile what each takes and gives. */
export async function contracts({ client }) {
  const { tools } = await step('list tools, as the client validates them', () => client.listTools());
  assert.ok(tools.length > 0);
  await step(`compile the schemas of ${tools.length} tools`, () => {
    for (const { name, inputSchema, outputSchema } of tools) {
      assert.equal(inputSchema.type, 'object', name);
      if (name === BY_HAND) {
        continue;
      }
      const takes = strictly(inputSchema);
      // Nothing at all is taken exactly by the tools that need nothing.
      assert.equal(takes({}), (inputSchema.required ?? []).length === 0, name);
      if (outputSchema !== undefined) {
        strictly(outputSchema);
      }
    }
  });
}
