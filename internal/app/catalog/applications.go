package catalog

// applicationImages are applications that people run beside their own services,
// with the ports that the images' documentation names. A row that is added has its
// source beside it: the Dockerfile, the project's Compose file or its documentation.
func applicationImages() []Image {
	return []Image{
		{Name: "airflow", HTTP: []int{8080}},
		{Name: "alertmanager", HTTP: []int{9093}},
		{Name: "goauthentik/server", HTTP: []int{9000}, Other: []int{9443, 9300}, Stateful: true},                        // https://github.com/goauthentik/authentik/blob/00c1e17b52/website/docs/install-config/configuration/configuration.mdx
		{Name: "calcom/cal.com", HTTP: []int{3000}},                                                                      // https://github.com/calcom/docker/blob/002ec4f566/Dockerfile
		{Name: "chatwoot", HTTP: []int{3000}, Stateful: true},                                                            // https://github.com/chatwoot/chatwoot/blob/02cf698fa4/docker/Dockerfile and https://developers.chatwoot.com/self-hosted/deployment/storage/supported-providers
		{Name: "cp-enterprise-control-center", HTTP: []int{9021}},                                                        // https://github.com/confluentinc/control-center-images/blob/16cf50b798/control-center/Dockerfile.ubi8
		{Name: "cp-kafka-connect", Other: []int{8083}},                                                                   // https://github.com/confluentinc/kafka-images/blob/019ccde341/kafka-connect-base/Dockerfile.ubi8
		{Name: "cp-kafka-rest", Other: []int{8082}},                                                                      // https://github.com/confluentinc/kafka-rest-images/blob/0f801e3916/kafka-rest/Dockerfile.ubi8
		{Name: "cp-ksqldb-server", Other: []int{8088}},                                                                   // https://github.com/confluentinc/ksql-images/blob/00572f8bbb/cp-ksqldb-server/Dockerfile.ubi8
		{Name: "cp-schema-registry", Other: []int{8081}},                                                                 // https://github.com/confluentinc/schema-registry-images/blob/18e694777a/schema-registry/Dockerfile.ubi8
		{Name: "flagsmith", HTTP: []int{8000}},                                                                           // https://github.com/Flagsmith/flagsmith/blob/00223344a0/Dockerfile
		{Name: "formbricks", HTTP: []int{3000}},                                                                          // https://github.com/formbricks/formbricks/blob/0020098b55/docker/docker-compose.yml and https://formbricks.com/docs/self-hosting/configuration/file-uploads
		{Name: "immich-machine-learning", Other: []int{3003}},                                                            // https://docs.immich.app/install/environment-variables
		{Name: "immich-server", HTTP: []int{2283}, Stateful: true},                                                       // https://docs.immich.app/install/environment-variables
		{Name: "kestra", HTTP: []int{8080}, Other: []int{8081}, Stateful: true},                                          // https://github.com/kestra-io/kestra/blob/develop/docker-compose.yml
		{Name: "langflow", HTTP: []int{7860}, Stateful: true, Alone: true, Elsewhere: []string{"LANGFLOW_DATABASE_URL"}}, // https://github.com/langflow-ai/langflow/blob/main/docker_example/docker-compose.yml and https://docs.langflow.org/memory
		{Name: "mattermost-enterprise-edition", HTTP: []int{8065}, Other: []int{8443, 8067, 8074, 8075}, Stateful: true}, // https://github.com/mattermost/mattermost/blob/00faf88441/server/build/Dockerfile and https://github.com/mattermost/docker/blob/1e4ab1370d/env.example
		{Name: "miniflux", HTTP: []int{8080}},                                                                            // https://github.com/miniflux/v2/blob/00bddbb941/packaging/docker/alpine/Dockerfile
		{Name: "neosmemo/memos", HTTP: []int{5230}, Stateful: true, Alone: true, Elsewhere: []string{"MEMOS_DRIVER"}},    // https://github.com/usememos/memos/blob/10b892f4d4/scripts/Dockerfile and https://github.com/usememos/memos/blob/0038295bbc/cmd/memos/main.go
		{Name: "oryd/kratos", HTTP: []int{4433}, Other: []int{4434}},                                                     // https://github.com/ory/kratos/blob/0582cef5b8/quickstart.yml
		{Name: "paperless-ngx", HTTP: []int{8000}, Stateful: true, Alone: true},                                          // https://github.com/paperless-ngx/paperless-ngx/blob/00603781dd/docs/configuration.md and https://github.com/paperless-ngx/paperless-ngx/blob/12c84f8237/docker/compose/docker-compose.postgres.yml
		{Name: "plausible/community-edition", HTTP: []int{8000}},                                                         // https://github.com/plausible/analytics/blob/01598e6ce8/Dockerfile
		{Name: "redash", HTTP: []int{5000}},                                                                              // https://github.com/getredash/redash/blob/01641d8567/Dockerfile
		{Name: "temporalio/auto-setup", Other: []int{7233}},                                                              // https://github.com/temporalio/docker-compose/blob/04db17d570/docker-compose.yml
		{Name: "temporalio/ui", HTTP: []int{8080}},                                                                       // https://github.com/temporalio/ui/blob/0b3b3c4c94/server/Dockerfile
		{Name: "temporalio/web", HTTP: []int{8088}},                                                                      // https://github.com/temporalio/web/blob/09e3d662ca/Dockerfile
		{Name: "windmill", HTTP: []int{8000}, Other: []int{2525}},                                                        // https://github.com/windmill-labs/windmill/blob/0009050127/docker-compose.yml
		{Name: "appsmith-ce", HTTP: []int{80}, Stateful: true, Alone: true},
		{Name: "changedetection.io", HTTP: []int{5000}, Stateful: true, Alone: true},
		{Name: "chroma", HTTP: []int{8000}, Stateful: true, Alone: true},
		{Name: "code-server", HTTP: []int{8080}},
		{Name: "directus", HTTP: []int{8055}},
		{Name: "drupal", HTTP: []int{80}},
		{Name: "flowise", HTTP: []int{3000}, Stateful: true, Alone: true, Elsewhere: []string{"DATABASE_TYPE"}},
		{Name: "graylog", HTTP: []int{9000}, Other: []int{1514, 5044, 12201}},
		{Name: "homarr", HTTP: []int{7575}, Stateful: true, Alone: true},
		{Name: "jaegertracing/all-in-one", HTTP: []int{16686}, Other: []int{4317, 4318, 14268}},
		{Name: "jenkins", HTTP: []int{8080}, Other: []int{50000}, Stateful: true, Alone: true},
		{Name: "joomla", HTTP: []int{80}},
		{Name: "kibana", HTTP: []int{5601}},
		{Name: "kong", HTTP: []int{8000}, Other: []int{8001, 8443, 8444}},
		{Name: "langfuse", HTTP: []int{3000}},
		{Name: "logstash", Other: []int{5044, 9600}},
		{Name: "loki", Other: []int{3100}, Stateful: true, Alone: true},
		{Name: "mastodon", HTTP: []int{3000}},
		{Name: "mattermost-team-edition", HTTP: []int{8065}, Stateful: true},
		{Name: "matomo", HTTP: []int{80}},
		{Name: "meilisearch", Other: []int{7700}, Stateful: true, Alone: true},
		{Name: "moodle", HTTP: []int{8080}},
		{Name: "nextcloud", HTTP: []int{80}, Stateful: true},
		{Name: "odoo", HTTP: []int{8069}, Other: []int{8071, 8072}},
		{Name: "open-webui", HTTP: []int{8080}, Stateful: true, Alone: true, Elsewhere: []string{"DATABASE_URL"}},
		{Name: "opensearch-dashboards", HTTP: []int{5601}},
		{Name: "otel/opentelemetry-collector", Other: []int{4317, 4318}},
		{Name: "pgadmin4", HTTP: []int{80}},
		{Name: "pushgateway", HTTP: []int{9091}},
		{Name: "redmine", HTTP: []int{3000}},
		{Name: "rocket.chat", HTTP: []int{3000}},
		{Name: "sonarqube", HTTP: []int{9000}, Stateful: true, Alone: true},
		{Name: "superset", HTTP: []int{8088}},
		{Name: "tomcat", HTTP: []int{8080}},
		{Name: "typesense", Other: []int{8108}, Stateful: true, Alone: true},
		{Name: "umami", HTTP: []int{3000}},
		{Name: "unleash-server", HTTP: []int{4242}},
		{Name: "uptime-kuma", HTTP: []int{3001}, Stateful: true, Alone: true, Elsewhere: []string{"UPTIME_KUMA_DB_TYPE"}},
		{Name: "vaultwarden/server", HTTP: []int{80}, Stateful: true, Alone: true, Elsewhere: []string{"DATABASE_URL"}},
		{Name: "weaviate", Other: []int{8080, 50051}, Stateful: true, Alone: true},
		{Name: "mssql/server", Other: []int{1433}, Stateful: true, Alone: true},
		{Name: "azure-sql-edge", Other: []int{1433}, Stateful: true, Alone: true},
	}
}
