// Who invokes a function with what, written by hand: each door asks for a call of a tool in its own form, and knows
// what a reply looks like there.

import assert from 'node:assert/strict';

import { headers, request } from '../messages.mjs';

/** Invokes the function at `url`, and gives what comes back as text. */
export async function invoke(url, { event, context }) {
  const encoded = typeof context === 'string' ? context : JSON.stringify(context ?? {});
  const headers = context === undefined ? {} : { 'x-amz-client-context': Buffer.from(encoded).toString('base64') };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) });
  return { status: response.status, text: await response.text() };
}

/** A call of a tool. */
export const message = ({ id, tool, args }) => request(id, 'tools/call', { name: tool, arguments: args });

/** The headers of a message as a front door passes them on; `name` says in which case. */
function forwarded(message, name) {
  const known = { ...headers(message), Host: 'api.example.com', 'X-Forwarded-Proto': 'https' };
  return Object.fromEntries(Object.entries(known).map(([key, value]) => [name(key), value]));
}

const lower = (name) => name.toLowerCase();
const several = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]]));

/** A REST API (payload format 1.0), behind an authorizer for tokens. */
export function restApi(message, who) {
  const fields = forwarded(message, (name) => name);
  return {
    resource: '/{proxy+}',
    path: '/mcp',
    httpMethod: 'POST',
    headers: fields,
    multiValueHeaders: several(fields),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: 'mcp' },
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      authorizer: { claims: { sub: who, scope: 'sales:read' } },
      httpMethod: 'POST',
      identity: { sourceIp: '192.0.2.1', userAgent: 'interop', userArn: null },
      path: '/prod/mcp',
      protocol: 'HTTP/1.1',
      requestId: '41b45ea3-70b5-11e6-b7bd-69b5aaebc7d9',
      resourcePath: '/{proxy+}',
      stage: 'prod',
    },
    body: JSON.stringify(message),
    isBase64Encoded: false,
  };
}

/** An HTTP API or a Function URL (payload format 2.0), behind `authorizer`. */
export function httpApi(message, authorizer) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/mcp',
    rawQueryString: '',
    headers: forwarded(message, lower),
    requestContext: {
      accountId: '123456789012',
      apiId: 'r3pmxmplak',
      authorizer,
      domainName: 'api.example.com',
      http: { method: 'POST', path: '/mcp', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'interop' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      timeEpoch: 1583817383220,
    },
    body: JSON.stringify(message),
    isBase64Encoded: false,
  };
}

/** Whom an authorizer for tokens verified. */
export const token = (sub) => ({ jwt: { claims: { sub, scope: 'sales:read' }, scopes: ['sales:read'] } });
const signature = (userArn) => ({ iam: { accountId: '123456789012', cognitoIdentity: null, userArn } });

/** An Application Load Balancer, which verifies nobody; `multi` is an attribute of its target group. */
function loadBalancer(message, multi) {
  const fields = forwarded(message, lower);
  const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/mcp/49e9d65c45c6791a';
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: 'POST',
    path: '/mcp',
    ...(multi
      ? { multiValueQueryStringParameters: {}, multiValueHeaders: several(fields) }
      : { queryStringParameters: {}, headers: fields }),
    body: JSON.stringify(message),
    isBase64Encoded: false,
  };
}

/** What the client context of a call through an AgentCore Gateway says. */
function gatewayContext(tool, gateway) {
  return {
    custom: {
      bedrockAgentCoreMessageVersion: '1.0',
      bedrockAgentCoreToolName: `sales___${tool}`,
      bedrockAgentCoreGatewayId: gateway,
      bedrockAgentCoreTargetId: 'ABCDEFGHIJ',
      bedrockAgentCoreAwsRequestId: '4a7c8f0e-1d0c-4d9e-9f6b-2b1d7a8e9c01',
      bedrockAgentCoreMcpMessageId: '7',
    },
  };
}

/** A call of an action group of Amazon Bedrock Agents, all of whose values are texts. */
function action({ tool, args }, agent, style) {
  const given = Object.entries(args).map(([name, value]) => ({
    name,
    type: Number.isInteger(value) ? 'integer' : 'string',
    value: String(value),
  }));
  return {
    messageVersion: '1.0',
    agent: { name: 'sales', id: agent, alias: 'TSTALIASID', version: 'DRAFT' },
    inputText: 'How much?',
    sessionId: '123456789012345',
    actionGroup: 'sales',
    ...(style === 'function'
      ? { function: tool, parameters: given }
      : {
          apiPath: `/${tool}`,
          httpMethod: 'POST',
          parameters: [],
          requestBody: { content: { 'application/json': { properties: given } } },
        }),
    sessionAttributes: { language: 'en' },
    promptSessionAttributes: {},
  };
}

/** The keys of an object have to be exactly these. */
function keys(object, ...expected) {
  assert.deepEqual(Object.keys(object).toSorted(), expected.toSorted());
}

/** What a message was answered with. */
function answered(text, { id }) {
  const { jsonrpc, id: to, result, ...more } = JSON.parse(text);
  assert.deepEqual([jsonrpc, to, more], ['2.0', id, {}]);
  return result;
}

/** A reply of 200 with JSON in it. */
function http(text, call, ...more) {
  const reply = JSON.parse(text);
  keys(reply, 'statusCode', 'body', 'isBase64Encoded', ...more);
  assert.deepEqual([reply.statusCode, reply.isBase64Encoded], [200, false]);
  for (const headers of [reply.headers, reply.multiValueHeaders].filter(Boolean)) {
    assert.deepEqual([headers['content-type']].flat(), ['application/json']);
  }
  return { reply, result: answered(reply.body, call) };
}

/**
 * Everybody who can call a tool: `ask(call, who)` is what is invoked with, `read(text, call)` gives the result out of a
 * reply that has the right shape, and `caller(who)` is whom the tool takes it to come from.
 */
export const DOORS = {
  'REST API': {
    ask: (call, who) => ({ event: restApi(message(call), who) }),
    read(text, call) {
      const { reply, result } = http(text, call, 'multiValueHeaders');
      assert.deepEqual(reply.multiValueHeaders['content-type'], ['application/json']);
      return result;
    },
    caller: (who) => who,
  },
  'HTTP API': {
    ask: (call, who) => ({ event: httpApi(message(call), token(who)) }),
    read(text, call) {
      const { reply, result } = http(text, call, 'headers', 'cookies');
      assert.deepEqual([reply.headers['content-type'], reply.cookies], ['application/json', []]);
      return result;
    },
    caller: (who) => who,
  },
  'Function URL': {
    ask: (call, who) => ({ event: httpApi(message(call), signature(`arn:aws:iam::123456789012:user/${who}`)) }),
    read: (text, call) => http(text, call, 'headers', 'cookies').result,
    caller: (who) => `arn:aws:iam::123456789012:user/${who}`,
  },
  'Application Load Balancer': {
    ask: (call) => ({ event: loadBalancer(message(call), false) }),
    read(text, call) {
      const { reply, result } = http(text, call, 'statusDescription', 'headers', 'multiValueHeaders');
      assert.equal(reply.statusDescription, '200 OK');
      return result;
    },
    caller: () => 'nobody',
  },
  'Application Load Balancer, several values': {
    ask: (call) => ({ event: loadBalancer(message(call), true) }),
    read: (text, call) => http(text, call, 'statusDescription', 'headers', 'multiValueHeaders').result,
    caller: () => 'nobody',
  },
  Invoke: {
    ask: (call) => ({ event: message(call) }),
    read: answered,
    caller: () => 'invoke',
  },
  'AgentCore Gateway': {
    ask: ({ tool, args }, who) => ({ event: args, context: gatewayContext(tool, who) }),
    read: (text) => JSON.parse(text),
    caller: (who) => `agentcore-gateway:${who}`,
  },
  'Bedrock Agents, function': {
    ask: (call, who) => ({ event: action(call, who, 'function') }),
    read(text, { tool }) {
      const { response, ...session } = JSON.parse(text);
      const { functionResponse, ...about } = response;
      assert.deepEqual(session, SESSION);
      assert.deepEqual(about, { actionGroup: 'sales', function: tool });
      keys(functionResponse, 'responseBody', ...('responseState' in functionResponse ? ['responseState'] : []));
      keys(functionResponse.responseBody, 'TEXT');
      keys(functionResponse.responseBody.TEXT, 'body');
      const isError = functionResponse.responseState !== undefined;
      assert.equal(functionResponse.responseState, isError ? 'REPROMPT' : undefined);
      return { content: [{ type: 'text', text: functionResponse.responseBody.TEXT.body }], isError };
    },
    caller: (who) => `bedrock-agent:${who}`,
  },
  'Bedrock Agents, OpenAPI': {
    ask: (call, who) => ({ event: action(call, who, 'OpenAPI') }),
    read(text, { tool }) {
      const { response, ...session } = JSON.parse(text);
      const { responseBody, httpStatusCode, ...about } = response;
      assert.deepEqual(session, SESSION);
      assert.deepEqual(about, { actionGroup: 'sales', apiPath: `/${tool}`, httpMethod: 'POST' });
      keys(responseBody, 'application/json');
      keys(responseBody['application/json'], 'body');
      const body = JSON.parse(responseBody['application/json'].body);
      const isError = httpStatusCode !== 200;
      assert.equal(httpStatusCode, isError ? 400 : 200);
      const said = typeof body === 'string' ? body : JSON.stringify(body);
      return { content: [{ type: 'text', text: said }], structuredContent: body, isError };
    },
    caller: (who) => `bedrock-agent:${who}`,
  },
};

const SESSION = { messageVersion: '1.0', sessionAttributes: { language: 'en' }, promptSessionAttributes: {} };
