"""What bnlint costs and how well it reads, measured on public packages."""
