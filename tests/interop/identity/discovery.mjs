// Published clients find out where to sign in, from a 401 and nothing else: `node discovery.mjs URL PUBLIC_URL`.
//
// `URL` is where the server is, `PUBLIC_URL` where clients think that it is. The rest is as on the internet, except that
// moto, which plays Cognito, leaves out of its metadata where users sign in; that is added as Cognito has it.

import assert from 'node:assert/strict';

import * as next from '@modelcontextprotocol/client';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { step } from '../clients/steps.mjs';

const [url, publicUrl] = process.argv.slice(2);
const { pool, client: clientId } = JSON.parse(process.env.COGNITO);
const issuer = `https://cognito-idp.eu-central-1.amazonaws.com/${pool}`;
const SIGN_IN = 'https://payroll.auth.eu-central-1.amazoncognito.com/oauth2';

/** The internet, as far as the clients look. */
async function internet(input, init) {
  const asked = new URL(input instanceof Request ? input.url : input);
  if (asked.href === `${issuer}/.well-known/openid-configuration`) {
    const metadata = await (await fetch(`${process.env.COGNITO_ADDRESS}/${pool}/.well-known/openid-configuration`)).json();
    const endpoints = { authorization_endpoint: `${SIGN_IN}/authorize`, token_endpoint: `${SIGN_IN}/token` };
    return Response.json({ ...metadata, ...endpoints });
  }
  if (asked.origin !== new URL(publicUrl).origin) {
    return new Response('', { status: 404 });
  }
  return fetch(new URL(asked.pathname + asked.search, url), init);
}

/** What a host application keeps of a sign-in. */
function host() {
  return {
    redirectUrl: 'http://127.0.0.1:9/callback',
    clientMetadata: { redirect_uris: ['http://127.0.0.1:9/callback'] },
    clientInformation: () => ({ client_id: clientId }),
    tokens: () => undefined,
    saveTokens: () => assert.fail('nobody signed in'),
    saveCodeVerifier: () => undefined,
    codeVerifier: () => '',
    saveDiscoveryState(state) {
      this.found = state;
    },
    redirectToAuthorization(address) {
      this.sentTo = address;
    },
  };
}

const CLIENTS = {
  '@modelcontextprotocol/sdk': { Client, StreamableHTTPClientTransport, UnauthorizedError },
  '@modelcontextprotocol/client': next,
};

for (const [name, parts] of Object.entries(CLIENTS)) {
  await step(`${name} is sent to the sign-in of the user pool`, async () => {
    const provider = host();
    const options = { authProvider: provider, fetch: internet };
    const transport = new parts.StreamableHTTPClientTransport(new URL(publicUrl), options);
    const client = new parts.Client({ name: 'interop', version: '1' });
    await assert.rejects(client.connect(transport), (error) => error instanceof parts.UnauthorizedError);
    const { sentTo, found } = provider;
    assert.equal(found.authorizationServerUrl, issuer);
    assert.equal(found.resourceMetadata.resource, publicUrl);
    assert.equal(sentTo.origin + sentTo.pathname, `${SIGN_IN}/authorize`);
    assert.equal(sentTo.searchParams.get('resource'), publicUrl);
    const asked = sentTo.searchParams.get('scope').split(' ');
    for (const scope of ['payroll:read', 'payroll:team']) {
      assert.ok(asked.includes(`${publicUrl}/${scope}`), `${asked}`);
    }
    await client.close();
  });
}
