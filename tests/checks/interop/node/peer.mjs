// Signs and verifies with a library: each line is ["sign", algorithm, claims], ["verify", token] or ["open", token].
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
}

const module = await import(name)
const { sign, verify, open = verify } = libraries[name](module.default ?? module)
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
