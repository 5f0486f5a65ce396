using System;
using System.Security.Cryptography;
using System.Text;

static class UserHash
{
    public static string Compute(string secret, string userId)
    {
        using (var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(secret)))
        {
            byte[] hash = hmac.ComputeHash(Encoding.UTF8.GetBytes(userId));
            // .NET Framework and Mono have no Convert.ToHexString.
            return BitConverter.ToString(hash).Replace("-", "").ToLowerInvariant();
        }
    }
}
