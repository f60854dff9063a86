# The service alone, for use with a PostgreSQL named by DATABASE_URL: the image has no database server in it.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# The caches keep the crates and what was compiled of them from one build to the next; a cache is not part of the image,
# so the binary is copied out of it in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin quid \
    && strip --strip-debug -o /quid target/release/quid

FROM debian:bookworm-slim
# No package is needed: roots of trust and time zones are compiled in. The user has a fixed number, so that a volume's
# owner stays right across versions of the image.
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /var/lib/quid quid \
    && install -d -o quid -g quid -m 0700 /var/lib/quid
COPY --from=build /quid /usr/local/bin/quid
USER 10001:10001
ENV QUID_LISTEN=0.0.0.0:8080 \
    QUID_DATA_DIR=/var/lib/quid
EXPOSE 8080
ENTRYPOINT ["quid"]
CMD ["serve"]
