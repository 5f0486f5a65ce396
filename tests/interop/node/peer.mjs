// Signs and verifies with jose: each line is ["sign", algorithm, claims] or ["verify", token].
import { readFileSync } from 'node:fs'
import { SignJWT, UnsecuredJWT, errors, jwtVerify } from 'jose'

const key = new TextEncoder().encode(process.argv[2])

const sign = (algorithm, claims) =>
  algorithm === 'none'
    ? new UnsecuredJWT(claims).encode()
    : new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ: 'JWT' }).sign(key)

const verify = async (token) => {
  try {
    return (await jwtVerify(token, key, { algorithms: ['HS256'] })).payload
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

for (const line of readFileSync(0, 'utf8').trimEnd().split('\n')) {
  const [what, ...operands] = JSON.parse(line)
  console.log(JSON.stringify(await { sign, verify }[what](...operands)))
}
