// Tokens as an issuer makes them, signed by ES256.

import { sign } from 'node:crypto';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token for the server `sales` that is good for ten minutes, unless `claims` say otherwise. */
export function token(key, kid, claims) {
  const now = Math.floor(Date.now() / 1000);
  const said = { iss: 'https://id.example.com', aud: 'sales', iat: now, exp: now + 600, ...claims };
  const signed = `${part({ alg: 'ES256', typ: 'JWT', kid })}.${part(said)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
