# The image of `berth`, for the operator and for CI: one static binary and the
# certificates that it checks AWS with. No shell, no root.
#
#   docker build --build-arg VERSION=1.2.3 -t berth .
FROM golang:1.26.8 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY internal internal
COPY schema schema
ARG VERSION=dev
ARG TARGETOS
ARG TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /berth ./cmd/berth

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /berth /berth
USER 65532:65532
ENTRYPOINT ["/berth"]
