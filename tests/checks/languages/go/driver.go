package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"log"
	"os"
	"strings"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		secret, userID, _ := strings.Cut(lines.Text(), "\t")
		fmt.Println(userHash(text(secret), text(userID)))
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}

func text(digits string) string {
	bytes, err := hex.DecodeString(digits)
	if err != nil {
		log.Fatal(err)
	}
	return string(bytes)
}
