# The images of a release: the binaries that goreleaser built before, and the
# certificates that they check AWS with. No shell, no root. The Dockerfile beside this
# one builds from the source.
FROM --platform=$BUILDPLATFORM alpine:3.22 AS certificates
RUN apk add --no-cache ca-certificates

# The operator, which the chart runs.
FROM scratch AS operator
ARG TARGETPLATFORM
COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY $TARGETPLATFORM/berth-operator /berth-operator
USER 65532:65532
ENTRYPOINT ["/berth-operator"]

# The command line, for CI.
FROM scratch AS berth
ARG TARGETPLATFORM
COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY $TARGETPLATFORM/berth /berth
USER 65532:65532
ENTRYPOINT ["/berth"]
