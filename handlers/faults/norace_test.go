//go:build !race

package faults_test

// racing tells that the tests look for data races; then the program does as well.
const racing = false
