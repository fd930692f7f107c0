module signet.test/oci-clients

go 1.24.0

require github.com/oracle/oci-go-sdk/v65 v65.111.0

require (
	github.com/gofrs/flock v0.10.0 // indirect
	github.com/sony/gobreaker v0.5.0 // indirect
	github.com/youmark/pkcs8 v0.0.0-20240726163527-a2c0da244d78 // indirect
	golang.org/x/crypto v0.45.0 // indirect
	golang.org/x/sys v0.38.0 // indirect
)
