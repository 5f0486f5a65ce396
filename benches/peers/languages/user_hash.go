package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"time"
)

func main() {
	secret, identifier, userHash := os.Args[1], os.Args[2], os.Args[3]
	// Reset goes back to the keyed state.
	mac := hmac.New(sha256.New, []byte(secret))
	var buffer [sha256.Size]byte
	tag := func(identifier string) []byte {
		mac.Reset()
		mac.Write([]byte(identifier))
		return mac.Sum(buffer[:0])
	}
	compute := func(identifier string) string { return hex.EncodeToString(tag(identifier)) }
	verify := func(identifier string) bool {
		received, err := hex.DecodeString(userHash)
		return err == nil && hmac.Equal(tag(identifier), received)
	}
	if compute(identifier) != userHash || !verify(identifier) || verify("another") {
		panic("wrong")
	}

	// Answers as serve of src/lib.rs does.
	operations := map[string]func(){
		"compute": func() { compute(identifier) },
		"verify":  func() { verify(identifier) },
	}
	fmt.Println("compute\tverify")
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		var calls int
		var name string
		if _, err := fmt.Sscan(requests.Text(), &calls, &name); err != nil {
			panic(err)
		}
		operation := operations[name]
		began := time.Now()
		for ; calls > 0; calls-- {
			operation()
		}
		fmt.Printf("%d\t-\n", time.Since(began).Nanoseconds())
	}
}
