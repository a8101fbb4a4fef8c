// A real provider of OpenID Connect for the tests, with a page to sign in on and a switch to make it lie.
// node provider.mjs PORT REDIRECT_URI...: prints "ready". Who signs in is who says so; levels are urn:test:one, :two.
// POST /lie {"how": "..."}: from then on the ID token is bent: issuer, audience, expired, key, none, shared, replay.
import { createHmac } from "node:crypto";
import { Provider } from "oidc-provider";
import { exportJWK, generateKeyPair, SignJWT, decodeJwt } from "jose";

const [port, ...redirects] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const secret = "the-secret-of-the-tests-is-no-secret";
const own = await generateKeyPair("RS256", { extractable: true });
const other = await generateKeyPair("RS256", { extractable: true });
const kid = "one";
const people = {
  marit: { employee: "12345", email: "marit@ziekenhuis.example", email_verified: true },
  unsure: { email: "marit@ziekenhuis.example", email_verified: false },
  foreign: { email: "marit@elders.example", email_verified: true },
};
let lie = "", first = "";

const provider = new Provider(issuer, {
  clients: [{ client_id: "kindzorg", client_secret: secret, redirect_uris: redirects, response_types: ["code"], grant_types: ["authorization_code"], token_endpoint_auth_method: "client_secret_basic" }],
  jwks: { keys: [{ ...(await exportJWK(own.privateKey)), kid, alg: "RS256", use: "sig" }] },
  cookies: { keys: ["the tests"] },
  pkce: { required: () => true },
  acrValues: ["urn:test:one", "urn:test:two"],
  claims: { openid: ["sub", "acr", "employee"], email: ["email", "email_verified"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid email");
    await grant.save();
    return grant;
  },
});

const page = (uid) => `<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Ziekenhuis</title></head><body><main>
<h1>Inloggen bij het ziekenhuis</h1><form method="post" action="/interaction/${uid}">
<label for="who">Wie</label><input id="who" name="who"><label for="level">Hoe</label>
<select id="level" name="level"><option value="urn:test:one">wachtwoord</option><option value="urn:test:two">pas en code</option></select>
<button type="submit">Inloggen</button></form></main></body></html>`;

async function body(ctx) {
  let text = "";
  for await (const part of ctx.req) text += part;
  return text;
}

async function bent(token) {
  const claims = decodeJwt(token), header = { alg: "RS256", kid };
  if (lie === "issuer") claims.iss = "https://elders.example";
  if (lie === "audience") claims.aud = "somebody-else";
  if (lie === "expired") { claims.iat -= 7200; claims.exp = claims.iat + 60; }
  if (lie === "replay") return first;
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  if (lie === "none") return `${part({ alg: "none" })}.${part(claims)}.`;
  if (lie === "shared") {
    const words = `${part({ alg: "HS256", kid })}.${part(claims)}`;
    return `${words}.${createHmac("sha256", secret).update(words).digest("base64url")}`;
  }
  return new SignJWT(claims).setProtectedHeader(header).sign(lie === "key" ? other.privateKey : own.privateKey);
}

provider.use(async (ctx, next) => {
  if (ctx.path === "/lie") {
    lie = JSON.parse(await body(ctx)).how;
    ctx.body = {};
    return;
  }
  const uid = ctx.path.match(/^\/interaction\/([\w-]+)$/)?.[1];
  if (uid && ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = page(uid);
    return;
  }
  if (uid) {
    const given = new URLSearchParams(await body(ctx));
    const result = given.get("who") === "" ? { error: "access_denied" } : { login: { accountId: given.get("who"), acr: given.get("level") } };
    ctx.respond = false;
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
    return;
  }
  await next();
  if (ctx.path === "/token" && ctx.body?.id_token) {
    first ||= ctx.body.id_token;
    if (lie) ctx.body.id_token = await bent(ctx.body.id_token);
  }
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
