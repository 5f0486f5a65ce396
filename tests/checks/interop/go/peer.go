// Signs and verifies with golang-jwt: each line is ["sign", algorithm, claims], ["verify", token] or ["open", token].
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/golang-jwt/jwt"
)

func main() {
	key := []byte(os.Args[1])
	parser := jwt.Parser{ValidMethods: []string{"HS256"}, UseJSONNumber: true}
	requests := json.NewDecoder(os.Stdin)
	requests.UseNumber()
	for requests.More() {
		var request []interface{}
		if err := requests.Decode(&request); err != nil {
			panic(err)
		}
		var answer interface{}
		if request[0] == "sign" {
			token := jwt.NewWithClaims(jwt.GetSigningMethod(request[1].(string)), jwt.MapClaims(request[2].(map[string]interface{})))
			var signer interface{} = key
			if request[1] == "none" {
				signer = jwt.UnsafeAllowNoneSignatureType
			}
			answer, _ = token.SignedString(signer)
		} else if token, err := parser.Parse(request[1].(string), func(*jwt.Token) (interface{}, error) { return key, nil }); err == nil {
			answer = token.Claims
		}
		line, _ := json.Marshal(answer)
		fmt.Println(string(line))
	}
}
