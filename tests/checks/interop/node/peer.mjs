// Signs and verifies with a library: each line is ["sign", algorithm, claims], ["verify", token] or ["open", token].
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'

const [key, name] = process.argv.slice(2)
const bytes = new TextEncoder().encode(key)
const algorithms = ['HS256']

const jose = ({ SignJWT, UnsecuredJWT, compactVerify, jwtVerify }) => ({
  sign: (algorithm, claims) =>
    algorithm === 'none'
      ? new UnsecuredJWT(claims).encode()
      : new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ: 'JWT' }).sign(bytes),
  verify: async (token) => (await jwtVerify(token, bytes, { algorithms })).payload,
  open: (token) => compactVerify(token, bytes, { algorithms }),
})
// As people verify by hand, with a library for base64.
const byHand = (decode) => ({
  open: (token) => {
    const [header, payload, signature] = token.split('.')
    const expected = createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url')
    return signature === expected && JSON.parse(decode(header)).alg === 'HS256' && JSON.parse(decode(payload))
  },
})
const libraries = {
  jose,
  jose5: jose,
  jsonwebtoken: ({ sign, verify }) => ({
    sign: (algorithm, claims) =>
      sign(claims, algorithm === 'none' ? '' : key, { algorithm, noTimestamp: !('iat' in claims) }),
    verify: (token) => verify(token, key, { algorithms }),
  }),
  jsrsasign: ({ KJUR }) => ({ open: (token) => KJUR.jws.JWS.verifyJWT(token, { utf8: key }, { alg: algorithms }) }),
  'jwt-simple': ({ decode }) => ({ open: (token) => decode(token, key, false, 'HS256') }),
  njwt: ({ verify }) => ({ open: (token) => verify(token, key) }),
  'expo-jwt': ({ decode }) => ({ open: (token) => decode(token, key) }),
  'hono/jwt': ({ verify }) => ({ open: (token) => verify(token, key, 'HS256') }),
  '@tsndr/cloudflare-worker-jwt': ({ verify }) => ({ open: (token) => verify(token, key, 'HS256') }),
  'crypto-js': ({ enc }) => byHand((part) => enc.Base64url.parse(part).toString(enc.Utf8)),
  'js-base64': ({ decode }) => byHand(decode),
  'base64-arraybuffer': ({ decode }) =>
    byHand((part) => Buffer.from(decode(part.replace(/-/g, '+').replace(/_/g, '/'))).toString()),
}

// Where it is missing, js-base64 has a decoder of its own.
if (name === 'js-base64') delete globalThis.TextDecoder
const module = await import(name)
const { sign, verify, open = verify } = libraries[name](module.default?.default ?? module.default ?? module)
const refused = () => null
const answers = {
  sign,
  verify: async (token) => verify(token),
  open: async (token) => ((await open(token)) ? true : null),
}

for (const line of readFileSync(0, 'utf8').trimEnd().split('\n')) {
  const [what, ...operands] = JSON.parse(line)
  const answer = answers[what](...operands)
  console.log(JSON.stringify(what === 'sign' ? await answer : await answer.catch(refused)))
}
