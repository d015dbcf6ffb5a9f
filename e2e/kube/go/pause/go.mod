module keelson.dev/e2e/kube/pause

go 1.25.0
