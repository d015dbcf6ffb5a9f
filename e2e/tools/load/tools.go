//go:build tools

// Package main keeps etcd's black-box tests among the requirements of this module.
package main

import (
	_ "go.etcd.io/etcd/tests/v3/common"
	_ "go.etcd.io/etcd/tests/v3/e2e"
)
