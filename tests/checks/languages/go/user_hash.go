package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

func userHash(secret, userID string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(userID))
	return hex.EncodeToString(mac.Sum(nil))
}
