# Builds one static binary and puts it, and nothing else, into an image without a shell, run as nobody in particular.
FROM golang:1.26.8 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /tsunagi .

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /tsunagi /tsunagi
EXPOSE 8080
USER nonroot:nonroot
ENTRYPOINT ["/tsunagi"]
CMD ["serve"]
