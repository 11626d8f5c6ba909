# Two images, each one static binary and the certificates that it checks AWS
# with. No shell, no root.
#
#   docker build --build-arg VERSION=1.2.3 -t berth-operator .
#   docker build --build-arg VERSION=1.2.3 -t berth --target berth .
FROM golang:1.26.8 AS source
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY internal internal
COPY schema schema
ARG VERSION=dev
ARG TARGETOS
ARG TARGETARCH
ENV CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH

FROM source AS build-berth
RUN go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /berth ./cmd/berth

FROM source AS build-operator
RUN go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /berth-operator ./cmd/berth-operator

# The command line, for CI.
FROM scratch AS berth
COPY --from=build-berth /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build-berth /berth /berth
USER 65532:65532
ENTRYPOINT ["/berth"]

# The operator, which the chart runs.
FROM scratch AS operator
COPY --from=build-operator /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build-operator /berth-operator /berth-operator
USER 65532:65532
ENTRYPOINT ["/berth-operator"]
